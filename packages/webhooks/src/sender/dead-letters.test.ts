import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startEndpoint } from '../../test-support/endpoint.ts';
import { generateSecret } from '../secret.ts';
import { deadLetterFolder } from './dead-letter-folder.ts';
import { memoryDeadLetters, type DeadLetter, type DeadLetterStore } from './dead-letters.ts';
import { createWebhookSender } from './sender.ts';

const letter = (id: string, droppedAt: number): DeadLetter => ({
  id,
  body: '{"n":1}',
  reason: 'exhausted',
  attempts: 10,
  status: 503,
  droppedAt,
});

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dead-letters-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'not', 'there', 'yet');
}

const stores: [name: string, make: () => DeadLetterStore | Promise<DeadLetterStore>][] = [
  ['in memory', () => memoryDeadLetters()],
  ['in a folder', async () => deadLetterFolder(await emptyFolder())],
];

describe.each(stores)('dead letters %s', (_name, make) => {
  test('are found by their id, and listed oldest first', async () => {
    const store = await make();
    expect(await store.ids()).toEqual([]);
    const odd = '../../etc/passwd*?"<>|:\\';
    await store.put(letter('a', 1));
    await store.put(letter(odd, 2));
    expect(await store.ids()).toEqual(['a', odd]);
    expect(await store.get(odd)).toEqual(letter(odd, 2));
    expect(await store.get('none')).toBeUndefined();
  });

  test('are one for each id, the newest', async () => {
    const store = await make();
    for (const droppedAt of [1, 3]) await store.put(letter('a', droppedAt));
    await store.put(letter('b', 2));
    expect(await store.ids()).toEqual(expect.arrayContaining(['a', 'b']));
    expect(await store.get('a')).toEqual(letter('a', 3));
    await store.delete('a');
    await store.delete('a');
    expect(await store.ids()).toEqual(['b']);
  });
});

test('in memory, the oldest make room', async () => {
  const store = memoryDeadLetters(2);
  for (const id of ['a', 'b', 'c']) await store.put(letter(id, 1));
  expect(await store.ids()).toEqual(['b', 'c']);
});

test('in memory, their bytes are bounded too', async () => {
  const store = memoryDeadLetters(10, 20);
  for (const id of ['a', 'b', 'c']) await store.put(letter(id, 1));
  expect(await store.ids()).toEqual(['b', 'c']);
  expect(() => store.put({ ...letter('d', 1), body: 'x'.repeat(21) })).toThrow('larger than all');
});

test('in a folder, they are for the eyes of its owner, and leave no drafts', async () => {
  const folder = await emptyFolder();
  await deadLetterFolder(folder).put(letter('a', 1));
  const [file = '', ...others] = await readdir(folder);
  expect(others).toEqual([]);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
});

test('in a folder, what is not a letter is left alone', async () => {
  const folder = await emptyFolder();
  const store = deadLetterFolder(folder);
  await store.put(letter('a', 1));
  await writeFile(join(folder, 'crashed.draft'), '{"id":"hal');
  expect(await store.ids()).toEqual(['a']);
});

test('in a folder, a file that somebody broke is named', async () => {
  const folder = await emptyFolder();
  const store = deadLetterFolder(folder);
  await store.put(letter('a', 1));
  const [file = ''] = await readdir(folder);
  await writeFile(join(folder, file), 'canary');
  for (const read of [() => store.ids(), () => store.get('a')]) {
    const error = await Promise.resolve(read()).catch((reason: unknown) => reason);
    expect(String(error)).toContain(`${file} is not a dead letter`);
    expect(String(error)).not.toContain('canary');
  }
});

test('in a folder, they are redelivered by the next process', async () => {
  const endpoint = await startEndpoint((count) => (count === 1 ? 413 : 200));
  const folder = await emptyFolder();
  const options = { url: endpoint.url, secrets: generateSecret(), allowLoopback: true };
  const first = createWebhookSender({ ...options, deadLetters: deadLetterFolder(folder) });
  const { id, finished } = first.send({ n: 1 });
  await finished;
  await first.close();

  const second = createWebhookSender({ ...options, deadLetters: deadLetterFolder(folder) });
  const ids = await second.deadLetters.ids();
  expect(ids).toEqual([id]);
  const redelivered = await Promise.all(ids.map((each) => second.redeliver(each)));
  await Promise.all(redelivered.map((delivery) => delivery.finished));
  await second.close();
  expect(await readdir(folder)).toEqual([]);
  expect(endpoint.received.map(({ headers, body }) => [headers['webhook-id'], String(body)])).toEqual([
    [id, '{"n":1}'],
    [id, '{"n":1}'],
  ]);
});
