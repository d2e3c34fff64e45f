// Several processes on one PostgreSQL, which the test starts.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPipelines, type PipelineDefinition, type PipelinesOptions, type Step } from '@toolwire/pipeline';
import { createReceiver, generateSecret, signWebhook } from '@toolwire/webhooks';
import { nodeHandler } from '@toolwire/webhooks/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../servers/launch.ts';
import { postgresPrograms, startPostgres, type Postgres } from './postgres.ts';
import { ledgerIn, startWorker, type Ledger } from './workers.ts';

const issues: Step = { id: 'issues', call: 'ledger.list' };
const tickets: Step = {
  id: 'ticket',
  forEach: '${{ issues }}',
  key: '${{ item.number }}',
  call: 'ledger.create',
  args: { key: 'ticket ${{ key }}' },
  reconcile: { call: 'ledger.find', args: { key: 'ticket ${{ key }}' }, found: 'result[0]', settle: '100ms' },
};

function story(...steps: Step[]): PipelineDefinition {
  return { name: 'story', servers: { ledger: { trustAnnotations: true } }, concurrency: 1, steps };
}

describe.skipIf(postgresPrograms === undefined)('with PostgreSQL, where it is installed', () => {
  let postgres: Postgres;
  let url: string;
  beforeAll(async () => {
    postgres = await startPostgres();
    url = postgres.create('runs');
  }, 60_000);
  afterAll(() => postgres[Symbol.asyncDispose]());

  const optionsFor = (ledger: Ledger): PipelinesOptions => ({
    engine: { kind: 'postgres', url },
    servers: { ledger: ledger.server },
  });

  test('a worker takes over the runs of one that was killed, within 5 seconds', { timeout: 120_000 }, async () => {
    await using directory = await temporaryDirectory();
    const ledger = ledgerIn(directory.path, { items: 40, waitMs: 150 });
    const options = optionsFor(ledger);
    await using observer = await openPipelines({ ...options, role: 'observer' });
    await observer.start(story(issues, tickets), { id: 'shared', detached: true });
    await using first = startWorker({ options });
    await expect.poll(() => ledger.entries().size, { timeout: 40_000 }).toBeGreaterThan(0);
    await using second = startWorker({ options });
    await second.line(({ type }) => type === 'open');
    await first.kill();
    const killedAt = Date.now();
    const before = ledger.entries().size;
    expect(before).toBeLessThan(35);
    await expect.poll(() => ledger.entries().size, { interval: 20 }).toBeGreaterThan(before);
    expect(Date.now() - killedAt).toBeLessThan(5000);
    expect(await observer.wait('shared')).toMatchObject({ status: 'completed', problems: [] });
    expect([...ledger.entries().values()]).toEqual(Array.from({ length: 40 }, () => 1));
    expect(second.lines).toContainEqual({
      type: 'warning',
      message: expect.stringContaining('Run shared is taken over'),
    });
  });

  test(
    'a worker whose sign of life is cut off does nothing twice, nor does who takes over',
    { timeout: 120_000 },
    async () => {
      await using directory = await temporaryDirectory();
      const ledger = ledgerIn(directory.path, { items: 40, waitMs: 100 });
      const options = optionsFor(ledger);
      await using first = startWorker({ options });
      await using second = startWorker({ options });
      await Promise.all([first, second].map((worker) => worker.line(({ type }) => type === 'open')));
      await using observer = await openPipelines({ ...options, role: 'observer' });
      await observer.start(story(issues, tickets), { id: 'cut', detached: true });
      const cutOff = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'toolwire-liveness'`;
      for (const count of [3, 12, 20]) {
        await expect.poll(() => ledger.entries().size, { timeout: 40_000 }).toBeGreaterThan(count);
        postgres.execute('runs', cutOff);
      }
      expect(await observer.wait('cut')).toMatchObject({ status: 'completed', problems: [] });
      expect([...ledger.entries().values()]).toEqual(Array.from({ length: 40 }, () => 1));
    },
  );

  test('two workers share runs, and do none of them twice', { timeout: 120_000 }, async () => {
    await using directory = await temporaryDirectory();
    const ledger = ledgerIn(directory.path, { items: 5, waitMs: 20 });
    const options = optionsFor(ledger);
    await using first = startWorker({ options });
    await using second = startWorker({ options });
    await Promise.all([first, second].map((worker) => worker.line(({ type }) => type === 'open')));
    await using observer = await openPipelines({ ...options, role: 'observer' });
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const named: Step = { ...tickets, args: { key: '${{ run.id }} ${{ key }}' } };
    await Promise.all(ids.map((id) => observer.start(story(issues, named), { id, detached: true })));
    for (const id of ids) expect(await observer.wait(id)).toMatchObject({ status: 'completed' });
    expect(ledger.entries().size).toBe(30);
    expect([...ledger.entries().values()].every((count) => count === 1)).toBe(true);
  });

  test('an observer sees what a worker does, and cancels it', { timeout: 120_000 }, async () => {
    await using directory = await temporaryDirectory();
    const ledger = ledgerIn(directory.path, { items: 50, waitMs: 50 });
    const options = optionsFor(ledger);
    await using worker = startWorker({ options });
    await worker.line(({ type }) => type === 'open');
    await using observer = await openPipelines({ ...options, role: 'observer' });
    const { id } = await observer.start(story(issues, tickets), { detached: true });
    const seen: string[] = [];
    for await (const event of observer.watch(id)) {
      seen.push(event.type);
      if (event.type === 'settled' && event.step === 'ticket') await observer.cancel(id);
    }
    expect(seen.at(-1)).toBe('run-ended');
    expect(await observer.get(id)).toMatchObject({ status: 'cancelled' });
    await sleep(1500);
    const { size } = ledger.entries();
    expect(size).toBeLessThan(50);
    await sleep(500);
    expect(ledger.entries().size).toBe(size);
    await observer.resume(id);
    expect(await observer.wait(id)).toMatchObject({ status: 'completed' });
    expect([...ledger.entries().values()]).toEqual(Array.from({ length: 50 }, () => 1));
  });

  test('a signed webhook lets a run go on, once, and a forged one does not', { timeout: 120_000 }, async () => {
    await using directory = await temporaryDirectory();
    await using pipelines = await openPipelines(optionsFor(ledgerIn(directory.path)));
    const secrets = generateSecret();
    const receiver = createReceiver({
      secrets,
      on: {
        '*': async (event, { id }) => {
          const { run, step, data } = event as { run: string; step: string; data: unknown }; // As sent below.
          await pipelines.signal(run, step, { event: data }, { messageId: id });
        },
      },
      onError: () => {},
    });
    const server = createServer(nodeHandler(receiver)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number }; // It listens on a port, not on a pipe.
    const post = async (body: string, signed: string): Promise<number> => {
      const headers = { 'content-type': 'application/json', ...(await signWebhook(signed, { id: 'msg_1', secrets })) };
      return (await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body })).status;
    };
    const { id } = await pipelines.start({ name: 'hooked', steps: [{ id: 'deployed', webhook: 'the deployment' }] });
    const body = JSON.stringify({ event: 'deployed', run: id, step: 'deployed', data: { version: 7 } });
    expect(await post(body.replace('7', '8'), body)).toBe(401);
    expect(await post(body, body)).toBe(200);
    expect(await pipelines.wait(id)).toMatchObject({ status: 'completed', output: { version: 7 } });
    server.close();
  });
});

test('a database that is not there is named without its password', async () => {
  const opening = openPipelines({ engine: { kind: 'postgres', url: 'postgresql://me:hunter2@127.0.0.1:1/none' } });
  await expect(opening).rejects.toMatchObject({
    code: 'engine-unavailable',
    message: expect.stringContaining('PostgreSQL at 127.0.0.1:1/none cannot be reached'),
  });
  await expect(opening).rejects.not.toThrow('hunter2');
});
