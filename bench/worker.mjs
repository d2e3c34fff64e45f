// One client in a process of its own: `node worker.mjs '{"client", "target", "workload"}'` prints what it measured.
import { once } from 'node:events';

const workloads = { sequential: () => calls(1), parallel: () => calls(64), largeResults, notifications };
const { client: clientName, target, workload } = JSON.parse(process.argv[2]);
const { connect } = await import(`./clients/${clientName}.mjs`);

console.log(JSON.stringify(await workloads[workload]()));
process.exit();

/** Calls for half a second to warm up, then for a second that counts, with `width` calls in flight. */
async function calls(width) {
  const client = await connect(target);
  await callFor(client, width, 500);
  const cpuBefore = process.cpuUsage();
  const { count, milliseconds } = await callFor(client, width, 1_000);
  const measured = { cpuMicroseconds: cpuSince(cpuBefore) / count, callsPerSecond: (count * 1_000) / milliseconds };
  await client.close();
  return measured;
}

async function callFor(client, width, duration) {
  const startedAt = performance.now();
  let count = 0;
  const lane = async () => {
    while (performance.now() - startedAt < duration) {
      if ((await client.call('echo', { text: 'hello' })) !== 'hello') throw new Error('Not the text that was sent');
      count++;
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return { count, milliseconds: performance.now() - startedAt };
}

async function largeResults() {
  const bytes = 8 * 1024 * 1024;
  const times = 3;
  const client = await connect(target);
  await client.call('echo', { text: 'hello' });
  const cpuBefore = process.cpuUsage();
  for (let index = 0; index < times; index++) {
    if ((await client.call('large', { bytes })).length !== bytes) throw new Error('The result was cut');
  }
  const cpuMilliseconds = cpuSince(cpuBefore) / 1_000 / times;
  await client.close();
  return { cpuMilliseconds };
}

async function notifications() {
  const count = 100_000;
  const all = new EventTarget();
  let received = 0;
  const client = await connect(target, () => {
    if (++received === count) all.dispatchEvent(new Event('received'));
  });
  await client.call('echo', { text: 'hello' });
  const cpuBefore = process.cpuUsage();
  await Promise.all([once(all, 'received'), client.call('burst', { count })]);
  const cpuMilliseconds = cpuSince(cpuBefore) / 1_000;
  await client.close();
  return { cpuMilliseconds };
}

function cpuSince(before) {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
