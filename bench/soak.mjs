// Calls through a network that breaks, for ten minutes: `npm run soak`, or `npm run soak -- --short` for 20 seconds.
// Fails when an effect is lost or doubled, or when heap or handles grow.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { connect } from '@toolwire/client-core';
import { faultProxy } from '@toolwire/testing';
import { numbersIn, startCountingServer } from './counting-server.mjs';
import { printTable } from './report.mjs';

const seconds = process.argv.includes('--short') ? 20 : 600;
const lanesPerClient = 4;
/** A connection breaks after about this many bytes of answers: a hundred of them. */
const bytesPerFault = 27_000;
const mostCalls = 20_000_000;
const mebibyte = 1024 * 1024;

const outcomes = { answered: 1, unknown: 2, notDelivered: 3 };
/** What came of the act with each number; beside the heap, for it grows with the calls. */
const ledger = new Uint8Array(mostCalls);
const counts = { calls: 0, answered: 0, failed: 0, wrong: 0 };

const folder = mkdtempSync(join(tmpdir(), 'toolwire-soak-'));
const worlds = await Promise.all(
  [
    ['streams', ['--era', 'legacy']],
    ['json', ['--era', 'legacy', '--json']],
    ['modern', ['--era', 'modern']],
  ].map(([name, args], index) => openWorld(name, args, index + 1)),
);
console.log(`Soak: ${seconds} s, ${worlds.length} servers, ${worlds.length * lanesPerClient} calls at a time`);
await callFor(seconds * 0.1);
const rows = [await measure('start')];
await callFor(seconds * 0.45);
rows.push(await measure('middle'));
await callFor(seconds * 0.45);
rows.push(await measure('end'));
printTable(
  ['', 'calls', 'failed', 'sent again', 'heap MiB', 'handles'],
  rows.map((row) => [row.when, row.calls, row.failed, row.retries, row.heap / mebibyte, row.handles]),
);
const failures = [...effectFailures(), ...growthFailures(rows[0], rows.at(-1))];
for (const world of worlds) await world.close();
rmSync(folder, { recursive: true });
for (const failure of failures) console.error(`  ✗ ${failure}`);
if (failures.length === 0) console.log('  ✓ no effect lost, none doubled; heap and handles are flat');
process.exitCode = failures.length === 0 ? 0 : 1;

/** A server, a proxy that breaks its connections, and a client with every default. */
async function openWorld(name, args, seed) {
  const effects = join(folder, name);
  writeFileSync(effects, '');
  const server = await startCountingServer([...args, '--effects', effects]);
  const proxy = await faultProxy(server.url, {}, { seed });
  const client = await connect(proxy.url);
  const close = async () => {
    await client.close();
    await proxy.close();
    await server.kill();
  };
  return { effects, proxy, client, close };
}

function brokenLife(random) {
  const afterBytes = Math.ceil(-Math.log(1 - random()) * bytesPerFault);
  const kind = random();
  if (kind < 0.05) return { silence: 'answers' };
  return kind < 0.5 ? { resetAfterBytes: afterBytes } : { finAfterBytes: afterBytes };
}

async function callFor(duration) {
  const until = performance.now() + duration * 1000;
  for (const { proxy } of worlds) proxy.set(brokenLife);
  const lane = async (client) => {
    while (performance.now() < until && counts.calls < mostCalls) await callOnce(client, counts.calls++);
  };
  await Promise.all(worlds.flatMap(({ client }) => Array.from({ length: lanesPerClient }, () => lane(client))));
}

/** Every second call acts; the others read, in three ways. */
async function callOnce(client, number) {
  const key = String(number);
  const options = { timeoutMs: 2000 };
  const kinds = [
    async () => (await client.callTool('look', { key }, { ...options, idempotent: true })).text() === `saw ${key}`,
    async () => (await client.readResource(`echo://${key}`, options)).contents[0].text === key,
    async () => (await client.listTools(options)).length === 2,
  ];
  const isAct = number % 2 === 0;
  const call = isAct
    ? async () => (await client.callTool('act', { key }, options)).text() === `did ${key}`
    : kinds[(number >> 1) % kinds.length];
  try {
    if (!(await call())) counts.wrong++;
    counts.answered++;
    if (isAct) ledger[number] = outcomes.answered;
  } catch (error) {
    counts.failed++;
    if (isAct) ledger[number] = error.delivered === 'no' ? outcomes.notDelivered : outcomes.unknown;
  }
}

/** Heap and handles when nothing is under way, and every connection is a new one. */
async function measure(when) {
  for (const { proxy, client } of worlds) {
    proxy.set({});
    proxy.reset();
    await client.listTools().catch(() => {}); // It finds out.
  }
  await sleep(3000); // Lost streams are open again.
  collectGarbage();
  await sleep(100);
  collectGarbage();
  const retries = worlds.reduce((sum, { client }) => sum + client.counters.retries, 0);
  const heap = process.memoryUsage().heapUsed;
  return { when, ...counts, retries, heap, handles: process.getActiveResourcesInfo().length };
}

function collectGarbage() {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

function effectFailures() {
  const made = ledger.subarray(0, counts.calls);
  const times = new Uint8Array(counts.calls);
  for (const { effects } of worlds) for (const number of numbersIn(effects)) times[number]++;
  const count = (isBroken) => made.reduce((sum, outcome, number) => sum + Number(isBroken(outcome, times[number])), 0);
  const broken = {
    'effects are lost: the call was answered': count((outcome, done) => outcome === outcomes.answered && done === 0),
    'effects are doubled': count((_outcome, done) => done > 1),
    'calls had an effect though they were said not to be delivered': count(
      (outcome, done) => outcome === outcomes.notDelivered && done > 0,
    ),
    'answers are wrong': counts.wrong,
  };
  return Object.entries(broken).flatMap(([what, number]) => (number === 0 ? [] : [`${number} ${what}`]));
}

function growthFailures(start, end) {
  const failed = [];
  if (end.heap > start.heap * 1.1 + mebibyte) failed.push('the heap grows');
  if (end.handles > start.handles + 10) failed.push('handles grow');
  if (counts.failed === 0 || end.retries === 0) failed.push('nothing went wrong, so that nothing is shown');
  return failed;
}
