// Processes on the embedded engine: each is a real one, and each failure a real kill.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DirectoryInUseError,
  openPipelines,
  type PipelineDefinition,
  type PipelinesOptions,
  type Step,
} from '@toolwire/pipeline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryDirectory } from '../servers/launch.ts';
import { isAlive, ledgerIn, resultOf, startWorker, type Ledger } from './workers.ts';

// One database for all tests: making one takes seconds.
let database: AsyncDisposable & { path: string };
beforeAll(async () => {
  database = await temporaryDirectory();
  await (await openPipelines({ engine: { kind: 'embedded', dir: database.path } })).close();
}, 120_000);
afterAll(() => database[Symbol.asyncDispose]());

function optionsFor(ledger: Ledger): PipelinesOptions {
  return { engine: { kind: 'embedded', dir: database.path }, servers: { ledger: ledger.server }, recover: false };
}

function story(name: string, ...steps: Step[]): PipelineDefinition {
  return { name, servers: { ledger: { trustAnnotations: true } }, steps };
}

const created = (key: string): Step => ({ id: key, call: 'ledger.create', args: { key } });
const tickets: Step = {
  id: 'ticket',
  forEach: '${{ issues }}',
  key: '${{ item.number }}',
  call: 'ledger.create',
  args: { key: 'ticket ${{ key }}' },
  reconcile: { call: 'ledger.find', args: { key: 'ticket ${{ key }}' }, found: 'result[0]', settle: '50ms' },
};
const issues: Step = { id: 'issues', call: 'ledger.list' };

test('a second process on the same directory is told which process has it', { timeout: 120_000 }, async () => {
  await using directory = await temporaryDirectory();
  const options = optionsFor(ledgerIn(directory.path));
  await using worker = startWorker({ options });
  await worker.line(({ type }) => type === 'open');
  const opening = openPipelines(options);
  await expect(opening).rejects.toThrow(DirectoryInUseError);
  await expect(opening).rejects.toMatchObject({ pid: worker.process.pid, code: 'directory-in-use' });
  await worker.kill();
  await (await openPipelines(options)).close(); // The dead have no lock.
});

test('a process that is killed while it makes the database leaves nothing broken', { timeout: 120_000 }, async () => {
  await using directory = await temporaryDirectory();
  const engine = { kind: 'embedded' as const, dir: directory.path };
  await using worker = startWorker({ options: { engine } });
  await expect.poll(() => existsSync(`${directory.path}/data.new/base`), { timeout: 40_000, interval: 5 }).toBe(true);
  await worker.kill();
  expect(existsSync(`${directory.path}/data`)).toBe(false);
  await using pipelines = await openPipelines({ engine });
  expect(await pipelines.list()).toEqual([]);
});

test('a sleep goes on over a kill, until the time that was first set', { timeout: 90_000 }, async () => {
  await using directory = await temporaryDirectory();
  const ledger = ledgerIn(directory.path);
  const sleepMs = 8000;
  const pipeline = story('sleeper', created('before'), { id: 'pause', sleep: sleepMs }, created('after'));
  const task = { options: optionsFor(ledger), pipeline, start: { id: 'sleeper' } };
  await using first = startWorker(task);
  await first.line(({ type }) => type === 'waiting');
  const asleepAt = Date.now();
  await first.kill();
  await sleep(asleepAt + sleepMs - Date.now() - 1000); // It wakes up early in its next life.
  await using second = startWorker(task);
  await second.line(({ type }) => type === 'open');
  const openAt = Date.now();
  expect(await resultOf(second)).toMatchObject({ status: 'completed' });
  expect(Date.now() - openAt).toBeLessThan(sleepMs - 1000); // Not the whole sleep again.
  expect(Date.now() - asleepAt).toBeGreaterThan(sleepMs - 500);
  expect([...ledger.entries()]).toEqual([
    ['before', 1],
    ['after', 1],
  ]);
});

test(
  'a run that nobody can reconcile stops for a person after a kill, and does nothing twice',
  { timeout: 120_000 },
  async () => {
    await using directory = await temporaryDirectory();
    const ledger = ledgerIn(directory.path, { waitMs: 20_000 });
    const pipeline = story('blind', created('only'));
    const task = { options: optionsFor(ledger), pipeline, start: { id: 'blind' } };
    await using first = startWorker(task);
    await expect.poll(() => ledger.entries().get('only'), { timeout: 40_000 }).toBe(1);
    await first.kill();
    await using second = startWorker(task);
    expect(await resultOf(second)).toMatchObject({
      status: 'needs-attention',
      problems: [
        { step: 'only', status: 'unknown', error: expect.stringContaining('not known whether this call happened') },
      ],
    });
    expect(ledger.entries().get('only')).toBe(1);
  },
);

test(
  'what a run was started with is what it goes on with, whatever the source says now',
  { timeout: 120_000 },
  async () => {
    await using directory = await temporaryDirectory();
    const ledger = ledgerIn(directory.path);
    const before = story('changing', created('one'), { id: 'ok', approval: 'Go on?' }, created('two'));
    const start = { id: 'changing' };
    await using first = startWorker({ options: optionsFor(ledger), pipeline: before, start });
    await first.line(({ type }) => type === 'waiting');
    await first.kill();
    const after = story('changing', created('three'));
    await using pipelines = await openPipelines(optionsFor(ledger));
    expect(await pipelines.start(after, start)).toMatchObject({ status: 'interrupted' });
    await pipelines.resume('changing');
    await pipelines.signal('changing', 'ok', { approved: true });
    expect(await pipelines.wait('changing')).toMatchObject({ status: 'completed' });
    expect([...ledger.entries().keys()]).toEqual(['one', 'two']);
  },
);

test('a server that dies in the middle is started again, and nothing is doubled', { timeout: 120_000 }, async () => {
  await using directory = await temporaryDirectory();
  const ledger = ledgerIn(directory.path, { items: 30, waitMs: 20 });
  await using pipelines = await openPipelines(optionsFor(ledger));
  const retried: Step = { ...tickets, retries: { delay: '50ms', attempts: 10 } };
  const { id } = await pipelines.start(story('mortal', issues, retried));
  for (const count of [4, 12, 20]) {
    await expect.poll(() => ledger.entries().size, { interval: 5 }).toBeGreaterThan(count);
    process.kill(ledger.pids().at(-1) ?? 0, 'SIGKILL');
  }
  expect(await pipelines.wait(id)).toMatchObject({ status: 'completed', problems: [] });
  expect([...ledger.entries().values()]).toEqual(Array.from({ length: 30 }, () => 1));
  expect(ledger.pids().length).toBeGreaterThan(1);
  await pipelines.close();
  await expect.poll(() => ledger.pids().filter(isAlive)).toEqual([]);
});

test('a thousand items, eight at a time', { timeout: 120_000 }, async () => {
  await using directory = await temporaryDirectory();
  const ledger = ledgerIn(directory.path, { items: 1000 });
  await using pipelines = await openPipelines(optionsFor(ledger));
  const plain: Step = {
    id: 'ticket',
    forEach: '${{ issues }}',
    key: '${{ item.number }}',
    call: 'ledger.create',
    args: { key: '${{ key }}' },
  };
  const { id } = await pipelines.start(story('thousand', issues, plain), { concurrency: 8 });
  let open = 0;
  let peak = 0;
  for await (const event of pipelines.watch(id)) {
    if (event.type === 'call-started' && event.step === 'ticket') peak = Math.max(peak, ++open);
    if (event.type === 'settled' && event.step === 'ticket') open -= 1;
  }
  expect(await pipelines.get(id)).toMatchObject({ status: 'completed' });
  expect(ledger.entries().size).toBe(1000);
  expect([...ledger.entries().values()].every((count) => count === 1)).toBe(true);
  expect(peak).toBeLessThanOrEqual(8);
  expect(peak).toBeGreaterThan(1);
});

test('secrets are in no file of the database', { timeout: 120_000 }, async () => {
  const canary = 'canary-9d41c7';
  await using directory = await temporaryDirectory();
  const ledger = ledgerIn(directory.path);
  const own = { kind: 'embedded' as const, dir: database.path };
  {
    await using pipelines = await openPipelines({ ...optionsFor(ledger), engine: own, env: { LEDGER_TOKEN: canary } });
    const leaky: Step = { id: 'made', call: 'ledger.create', args: { key: 'with ${{ env.LEDGER_TOKEN }}' } };
    expect(await pipelines.run(story('leaky', leaky))).toEqual({ id: 'id of with [redacted]' });
  }
  expect([...ledger.entries().keys()]).toEqual([`with ${canary}`]);
  expect(await filesWith(database.path, canary)).toEqual([]);
  expect(await filesWith(database.path, 'id of with [redacted]')).not.toEqual([]);
});

async function filesWith(directory: string, text: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const content = await readFile(`${entry.parentPath}/${entry.name}`);
    if (content.includes(text)) found.push(entry.name);
  }
  return found;
}
