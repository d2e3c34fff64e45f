// One subject in a process of its own: `node --expose-gc sections/hub.mjs '{"subject", "target", "count"}'` prints what it measured.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { McpHub } from '@toolwire/client-core';
import { compare, stdioTarget, withHttpServer } from '../measure.mjs';
import { clientCore, onCore } from '../placement.mjs';
import { printGoal, printTable } from '../report.mjs';

export const title =
  'Many servers: connected side by side, their tools listed; an HTTP server each, or a child process each';

const subjects = { 'Toolwire McpHub': openHub, 'official clients 2.4': openOfficial };

export async function run() {
  const overHttp = await withHttpServer((target) => measureAll(target, 200));
  const overStdio = await measureAll(stdioTarget, 20);
  printTable(
    ['', '200 over HTTP, ms', 'CPU ms', 'RSS KiB each', '20 over stdio, ms', 'CPU ms', 'RSS KiB each'],
    Object.keys(subjects).map((name) => [
      name,
      ...[overHttp[name], overStdio[name]].flatMap(({ milliseconds, cpuMilliseconds, kibibytesEach }) => [
        milliseconds,
        cpuMilliseconds,
        kibibytesEach,
      ]),
    ]),
  );
  const { 'Toolwire McpHub': ours, 'official clients 2.4': theirs } = overHttp;
  printGoal('200 over HTTP, client CPU', ours.cpuMilliseconds / theirs.cpuMilliseconds, '× official', { atMost: 0.7 });
  printGoal('200 over HTTP, RSS', ours.kibibytesEach, 'KiB a server', { atMost: 200 });
}

function measureAll(target, count) {
  const inProcess = async (subject) => {
    const task = JSON.stringify({ subject, target, count });
    const [command, ...args] = onCore(clientCore.apart, [
      process.execPath,
      '--expose-gc',
      fileURLToPath(import.meta.url),
      task,
    ]);
    const { stdout } = await promisify(execFile)(command, args, { timeout: 60_000 });
    return JSON.parse(stdout);
  };
  return compare(3, Object.fromEntries(Object.keys(subjects).map((subject) => [subject, () => inProcess(subject)])));
}

/** The cost of having `count` servers connected and listed, the code itself left out. */
async function measure({ subject, target, count }) {
  const warm = await subjects[subject](target, 1);
  await warm.close();
  const bytesBefore = usedMemory();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const { tools, close } = await subjects[subject](target, count);
  const milliseconds = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  const kibibytesEach = (usedMemory() - bytesBefore) / 1024 / count;
  if (tools !== 3 * count) throw new Error(`${tools} tools of ${count} servers`);
  await close();
  return { milliseconds, cpuMilliseconds: (user + system) / 1_000, kibibytesEach };
}

async function openHub(target, count) {
  const servers = Object.fromEntries(Array.from({ length: count }, (_, index) => [`server-${index}`, target]));
  const hub = new McpHub(servers);
  await hub.connect();
  return { tools: (await hub.listTools()).length, close: () => hub.close() };
}

async function openOfficial(target, count) {
  const clients = Array.from({ length: count }, () => new Client({ name: 'official', version: '1.0.0' }));
  const lists = await Promise.all(
    clients.map(async (client) => {
      await client.connect(
        target.url ? new StreamableHTTPClientTransport(new URL(target.url)) : new StdioClientTransport(target),
      );
      return client.listTools();
    }),
  );
  return {
    tools: lists.flatMap(({ tools }) => tools).length,
    close: () => Promise.all(clients.map((client) => client.close())),
  };
}

function usedMemory() {
  globalThis.gc();
  return process.memoryUsage.rss();
}

if (import.meta.main) {
  console.log(JSON.stringify(await measure(JSON.parse(process.argv[2]))));
  process.exit();
}
