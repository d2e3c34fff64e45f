// One subject in a process of its own: `node sections/pipeline.mjs '{"subject", "engine"}'` prints what it measured.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { PGlite } from '@electric-sql/pglite';
import { ToolResult } from '@toolwire/client-core';
import { openPipelines } from '@toolwire/pipeline';
import { pglitePool } from '../../packages/pipeline/dist/engines/pglite-pool.js';
import { postgresPrograms, startPostgres } from '../../test/pipeline/postgres.ts';
import { compare } from '../measure.mjs';
import { clientCore, onCore } from '../placement.mjs';
import { printGoal, printTable } from '../report.mjs';

export const title = 'Pipelines: steps that do nothing, one after the other, and in 50 runs at once';

const subjects = {
  'Toolwire, calls that may be repeated': (database) => openToolwire(database, true),
  'Toolwire, calls that may not': (database) => openToolwire(database, false),
  'plain DBOS': openDbos,
};
const sequential = { runs: 1, steps: 200 };
const parallel = { runs: 50, steps: 20 };

export async function run() {
  const directory = mkdtempSync(join(tmpdir(), 'toolwire-bench-'));
  await using postgres = postgresPrograms === undefined ? undefined : await startPostgres();
  const databases = {
    embedded: { dir: directory },
    ...(postgres !== undefined && { PostgreSQL: { url: postgres.create('bench') } }),
  };
  try {
    await measureIn('plain DBOS', databases.embedded); // Making the database is not measured.
    for (const [name, database] of Object.entries(databases)) await show(name, database);
  } finally {
    rmSync(directory, { recursive: true });
  }
  if (postgres === undefined) console.log('  PostgreSQL is not installed: left out');
}

async function show(name, database) {
  const tasks = Object.keys(subjects).map((subject) => [subject, () => measureIn(subject, database)]);
  const measured = await compare(3, Object.fromEntries(tasks));
  printTable(
    [name, 'open, ms', 'ms a step', 'steps/s'],
    Object.entries(measured).map(([subject, { openMs, stepMs, stepsPerSecond }]) => [
      subject,
      openMs,
      stepMs,
      stepsPerSecond,
    ]),
  );
  const [ours, , theirs] = Object.values(measured);
  printGoal(`${name}, a step`, ours.stepMs / theirs.stepMs, '× plain DBOS', { atMost: 1.5 });
}

async function measureIn(subject, database) {
  const task = JSON.stringify({ subject, database });
  const [command, ...args] = onCore(clientCore.apart, [process.execPath, fileURLToPath(import.meta.url), task]);
  const { stdout } = await promisify(execFile)(command, args, { timeout: 120_000 });
  return JSON.parse(stdout);
}

async function measure({ subject, database }) {
  const openedAt = performance.now();
  const { start, close } = await subjects[subject](database);
  const openMs = performance.now() - openedAt;
  await carryOut(start, { runs: 1, steps: 20 }); // Warm.
  const stepMs = (await carryOut(start, sequential)) / sequential.steps;
  const parallelMs = await carryOut(start, parallel);
  await close();
  return { openMs, stepMs, stepsPerSecond: (parallel.runs * parallel.steps * 1000) / parallelMs };
}

async function carryOut(start, { runs, steps }) {
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: runs }, () => start(steps)));
  return performance.now() - startedAt;
}

async function openToolwire({ dir, url }, idempotent) {
  const result = new ToolResult({ content: [{ type: 'text', text: '1' }] });
  const idle = {
    listTools: async () => [{ name: 'nothing', inputSchema: { type: 'object' } }],
    callTool: async () => result,
  };
  const engine = url === undefined ? { kind: 'embedded', dir } : { kind: 'postgres', url };
  const pipelines = await openPipelines({ engine, servers: { idle }, recover: false });
  const start = (count) => {
    const steps = Array.from({ length: count }, (_, index) => ({ id: `s${index}`, call: 'idle.nothing', idempotent }));
    return pipelines.run({ name: 'bench', steps });
  };
  return { start, close: () => pipelines.close() };
}

async function openDbos({ dir, url }) {
  const name = 'bench';
  const workflow = DBOS.registerWorkflow(
    async (count) => {
      for (let step = 0; step < count; step += 1) await DBOS.runStep(async () => 1, { name: 'nothing' });
    },
    { name },
  );
  const common = { name, applicationVersion: 'bench-1', executorID: String(process.pid), logLevel: 'error' };
  if (url !== undefined) DBOS.setConfig({ ...common, systemDatabaseUrl: url });
  const database = url === undefined ? await PGlite.create(join(dir, 'data'), { parsers: { 20: String } }) : undefined;
  if (database !== undefined) {
    const systemDatabaseUrl = 'postgresql://toolwire@embedded/toolwire';
    const systemDatabasePool = pglitePool(database);
    DBOS.setConfig({ ...common, systemDatabaseUrl, systemDatabasePool, useListenNotify: false });
  }
  await DBOS.launch();
  const start = async (count) => (await DBOS.startWorkflow(workflow)(count)).getResult();
  return {
    start,
    async close() {
      await DBOS.shutdown();
      await database?.close();
    },
  };
}

if (import.meta.main) {
  const measured = await measure(JSON.parse(process.argv[2]));
  process.stdout.write(`${JSON.stringify(measured)}\n`, () => process.exit());
}
