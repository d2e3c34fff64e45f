import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine, EngineRole, Workflow } from '../engine.ts';
import { sleep } from '../waiting.ts';
import { openEmbedded } from './embedded.ts';

// One engine for all tests: a process has room for one, and a new database takes seconds.
let directory: string;
let engine: Engine;
const workflows = new Map<string, Workflow>();
const role: EngineRole = {
  workflow: (journal, request) => {
    const workflow = workflows.get(request as string);
    if (workflow === undefined) throw new Error(`There is no workflow ${String(request)}`);
    return workflow(journal, request);
  },
  takesOver: false,
  onWarning: () => {},
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'toolwire-'));
  engine = await openEmbedded(directory, role);
}, 120_000);

afterAll(async () => {
  await engine.close(0);
  await rm(directory, { recursive: true });
});

/** Starts a run that does this, under its name. */
async function start(name: string, workflow: Workflow): Promise<void> {
  workflows.set(name, workflow);
  expect(await engine.start(name, name)).toBe(true);
}

test('records each step once, in the order of the calls', async () => {
  await start('order', (journal) =>
    Promise.all([3, 2, 1].map((number) => journal.step(`step ${number}`, () => sleep(number * 20).then(() => number)))),
  );
  await engine.ended('order');
  expect(await engine.get('order')).toMatchObject({ status: 'ended', result: [3, 2, 1], request: 'order' });
  expect((await engine.steps('order')).map(({ name }) => name)).toEqual(['step 3', 'step 2', 'step 1']);
  expect(await engine.start('order', 'order')).toBe(false);
});

test('a run that was cancelled goes on where it was', async () => {
  let begun = 0;
  await start('cancelled', async (journal) => {
    const first = await journal.step('first', async () => ++begun);
    const second = await journal.step('second', async (signal) => {
      begun += 1;
      await sleep(begun === 2 ? 60_000 : 0, signal);
      return begun;
    });
    return [first, second];
  });
  await expect.poll(() => begun).toBe(2);
  await engine.cancel('cancelled');
  await engine.ended('cancelled');
  expect(await engine.get('cancelled')).toMatchObject({ status: 'cancelled' });
  await engine.resume('cancelled');
  await engine.ended('cancelled');
  expect(await engine.get('cancelled')).toMatchObject({ status: 'ended', result: [1, 3] });
});

test('a message is received once, and a wait for none ends in time', async () => {
  await start('messages', async (journal) => [await journal.receive('a', 30_000), await journal.receive('b', 50)]);
  await engine.send('messages', 'a', { hello: 1 }, 'id');
  await engine.send('messages', 'a', { hello: 2 }, 'id');
  await engine.ended('messages');
  expect(await engine.get('messages')).toMatchObject({ result: [{ hello: 1 }, null] });
});

test('a run starts others, and is cancelled with them', async () => {
  workflows.set('child', (journal) => journal.step('long', (signal) => sleep(60_000, signal)));
  await start('parent', (journal) => journal.child('sub', 'parent/child', 'child', ({ status }) => status));
  await expect.poll(async () => (await engine.get('parent/child'))?.status).toBe('running');
  expect(await engine.get('parent/child')).toMatchObject({ parent: 'parent' });
  expect((await engine.list()).map(({ id }) => id)).not.toContain('parent/child');
  await engine.cancel('parent');
  for (const id of ['parent', 'parent/child']) expect(await engine.get(id)).toMatchObject({ status: 'cancelled' });
  await engine.delete(['parent']);
  expect(await engine.get('parent/child')).toBeUndefined();
});

test('what a workflow throws is kept as its crash', async () => {
  await start('crash', async () => {
    throw new Error('out of cheese');
  });
  await engine.ended('crash');
  expect(await engine.get('crash')).toMatchObject({ status: 'crashed', crash: 'out of cheese' });
});

test(
  'a run that is under way when the engine closes is interrupted, and goes on when it opens again',
  { timeout: 120_000 },
  async () => {
    let isHeld = true;
    const done: string[] = [];
    const hold = async (signal: AbortSignal): Promise<void> => {
      if (isHeld) await sleep(60_000, signal);
    };
    await start('closed', async (journal) => {
      await journal.step('quick', () => sleep(1).then(() => void done.push('quick')));
      await Promise.all([
        journal.step('slow', () => sleep(200).then(() => void done.push('slow'))),
        journal.step('held', (signal) => hold(signal).then(() => void done.push('held'))),
      ]);
    });
    workflows.set('waiting', (journal) => journal.receive('answer', 60_000));
    await engine.start('waiting', 'waiting');
    await expect.poll(() => done).toEqual(['quick']);
    await engine.close(1000); // Longer than what is slow takes.
    expect(done).toEqual(['quick', 'slow']);

    engine = await openEmbedded(directory, role);
    expect(await engine.get('closed')).toMatchObject({ status: 'interrupted' });
    expect(await engine.get('waiting')).toMatchObject({ status: 'interrupted' });
    isHeld = false;
    await engine.resume('closed');
    await engine.ended('closed');
    expect(await engine.get('closed')).toMatchObject({ status: 'ended' });
    expect(done).toEqual(['quick', 'slow', 'held']);
    await engine.resume('waiting');
    await engine.send('waiting', 'answer', 42);
    await engine.ended('waiting');
    expect(await engine.get('waiting')).toMatchObject({ status: 'ended', result: 42 });
  },
);

test('a process has room for one engine', async () => {
  const other = await mkdtemp(join(tmpdir(), 'toolwire-'));
  await expect(openEmbedded(other, role)).rejects.toMatchObject({ code: 'engine-busy' });
  await rm(other, { recursive: true });
});
