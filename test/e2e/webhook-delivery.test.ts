import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Interceptor } from '@toolwire/client-core';
import { createTestServer } from '@toolwire/testing';
import { generateSecret } from '@toolwire/webhooks';
import { deadLetterFolder, webhookOnToolExecution, type DroppedWebhook } from '@toolwire/webhooks/sender';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../servers/launch.ts';
import { eventually } from './eventually.ts';

const script = fileURLToPath(new URL('../servers/webhook-receiver.mjs', import.meta.url));
const secret = generateSecret();
const server = createTestServer({ tools: { count: { handler: ({ n }) => `counted ${String(n)}` } } });

interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly process: ChildProcess;
}

/** A receiver in a process of its own, on the port of the one before if it names it. */
async function startReceiver(folder: string, { deaths = '', port = '0' } = {}): Promise<Receiver> {
  const settings = { WEBHOOK_SECRET: secret, RECEIVER_FOLDER: folder, RECEIVER_DIES: deaths, RECEIVER_PORT: port };
  const child = spawn(process.execPath, ['--conditions=@toolwire/source', script], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    url,
    process: child,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** A receiver that is started again, at its address, as often as it dies. */
async function startStubbornReceiver(
  folder: string,
  deaths: string,
): Promise<AsyncDisposable & { readonly url: string; readonly restarts: () => number }> {
  let restarts = 0;
  let isOver = false;
  let current = await startReceiver(folder, { deaths });
  const { url } = current;
  const watching = watch();

  async function watch(): Promise<void> {
    for (;;) {
      await once(current.process, 'exit');
      if (isOver) return;
      current = await startReceiver(folder, { deaths, port: new URL(url).port });
      restarts += 1;
    }
  }

  return {
    url,
    restarts: () => restarts,
    async [Symbol.asyncDispose]() {
      isOver = true;
      current.process.kill('SIGKILL');
      await watching;
    },
  };
}

function handledIn(folder: string): { id: string; n: number }[] {
  if (!existsSync(join(folder, 'handled.jsonl'))) return [];
  const lines = readFileSync(join(folder, 'handled.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as { id: string; n: number });
}

const retryDelaysMs = [...Array<number>(40).fill(100)];

test('a receiver that is killed before and after it handles events handles each of them once, in order', async () => {
  await using folder = await temporaryDirectory();
  const deaths = 'before-effect:3 before-answer:5 before-effect:9 before-answer:10 before-answer:11';
  await using receiver = await startStubbornReceiver(folder.path, deaths);
  const dropped: DroppedWebhook[] = [];
  const webhook = webhookOnToolExecution({
    url: receiver.url,
    secrets: secret,
    allowLoopback: true,
    retryDelaysMs,
    orderKey: () => 'one after the other',
    onDropped: (event) => dropped.push(event),
  });
  const interceptor: Interceptor = webhook; // What clients take is what the package declares on its own.
  await using client = await server.connect({ interceptors: [interceptor] });
  const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
  for (const n of numbers) expect((await client.callTool('count', { n })).text()).toBe(`counted ${n}`);
  await webhook.sender.close({ graceMs: 30_000 });
  expect(receiver.restarts()).toBe(5);
  expect(dropped).toEqual([]);
  expect(handledIn(folder.path).map(({ n }) => n)).toEqual(numbers);
});

test('a receiver that is killed at any moment, under many deliveries at once, loses none', async () => {
  await using folder = await temporaryDirectory();
  await using first = await startReceiver(folder.path);
  const webhook = webhookOnToolExecution({ url: first.url, secrets: secret, allowLoopback: true, retryDelaysMs });
  await using client = await server.connect({ interceptors: [webhook] });
  const calls = Array.from({ length: 200 }, (_, n) => client.callTool('count', { n }));
  await eventually(() => expect(handledIn(folder.path).length).toBeGreaterThan(10));
  first.process.kill('SIGKILL');
  await Promise.all(calls);
  await using second = await startReceiver(folder.path, { port: new URL(first.url).port });
  expect(second.url).toBe(first.url);
  await webhook.sender.close({ graceMs: 30_000 });
  const handled = handledIn(folder.path);
  expect(new Set(handled.map(({ n }) => n)).size).toBe(200);
  // Killed between its handler and the store, it handles what was open again, under the id that it had: at most one an attempt.
  expect(handled.length).toBeLessThanOrEqual(204);
  expect(new Set(handled.map(({ id }) => id)).size).toBe(200);
});

test('what a program could not deliver before it ended, the next one delivers', async () => {
  await using folder = await temporaryDirectory();
  await using lettersFolder = await temporaryDirectory();
  await using receiver = await startReceiver(folder.path);
  const options = {
    secrets: secret,
    allowLoopback: true,
    url: receiver.url,
    deadLetters: deadLetterFolder(lettersFolder.path),
  };
  await receiver[Symbol.asyncDispose]();

  const before = webhookOnToolExecution(options);
  await using client = await server.connect({ interceptors: [before] });
  for (const n of [1, 2, 3]) await client.callTool('count', { n });
  await before.sender.close({ graceMs: 100 });

  await using restarted = await startReceiver(folder.path, { port: new URL(receiver.url).port });
  expect(restarted.url).toBe(receiver.url);
  const after = webhookOnToolExecution(options);
  const ids = await after.sender.deadLetters.ids();
  expect(ids).toHaveLength(3);
  const deliveries = await Promise.all(ids.map((id) => after.sender.redeliver(id)));
  expect(await Promise.all(deliveries.map(({ finished }) => finished))).toMatchObject(
    ids.map(() => ({ type: 'delivered' })),
  );
  await after.sender.close();
  expect(
    handledIn(folder.path)
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(ids.toSorted());
});
