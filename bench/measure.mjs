import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { clientCore, onCore } from './placement.mjs';

const pathOf = (file) => fileURLToPath(new URL(file, import.meta.url));

/** A target that starts an echo server of its own. */
export const stdioTarget = echoServer('stdio');

/** Runs `use` with the URL of an echo server in its own process, and stops the server after it. */
export async function withHttpServer(use) {
  const { command, args } = echoServer('http');
  const server = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [url] = await once(createInterface(server.stdout), 'line');
    return await use({ url });
  } finally {
    server.kill();
  }
}

/** The wall time of `node ...args`, in milliseconds. */
export async function timeNode(args, options) {
  const startedAt = performance.now();
  await run([process.execPath, ...args], options);
  return performance.now() - startedAt;
}

/**
 * Runs each subject once a round, so that a busy machine slows all of them alike, and returns the median of what each
 * measured: `{ [name]: value }`.
 */
export async function compare(rounds, subjects) {
  const values = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(subjects)) values[name].push(await measure());
  }
  return Object.fromEntries(Object.entries(values).map(([name, list]) => [name, median(list)]));
}

/**
 * Compares clients, given as `{ [name]: file in clients/ }`, at one workload; `core` is one of `clientCore`. Each does
 * its work in a process of its own.
 */
export function compareClients(clients, target, workload, core = clientCore.apart) {
  const measure = async (client) => {
    const task = JSON.stringify({ client, target, workload });
    return JSON.parse(await run(onCore(core, [process.execPath, pathOf('worker.mjs'), task])));
  };
  const subjects = Object.entries(clients).map(([name, client]) => [name, () => measure(client)]);
  return compare(3, Object.fromEntries(subjects));
}

/** The middle value; of records, the record of the middle values. */
function median(values) {
  if (typeof values[0] === 'object') {
    return Object.fromEntries(Object.keys(values[0]).map((key) => [key, median(values.map((value) => value[key]))]));
  }
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function echoServer(wire) {
  const [command, ...args] = onCore(0, [process.execPath, pathOf('echo-server.mjs'), wire]);
  return { command, args };
}

async function run([command, ...args], options) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: 30_000, ...options });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => (output += chunk));
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}`);
  return output;
}
