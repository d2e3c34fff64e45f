import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { newCounters, type Counters } from '../counters.ts';
import { DeliveryUnknownError, McpError, RateLimitError } from '../errors.ts';
import type { CallOptions, RequestHandler } from '../interceptor.ts';
import { retry } from './retry.ts';

beforeAll(() => import('p-retry')); // Loaded at the first failure: real time, which fake timers do not wait for.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const unreachable = (): McpError => new McpError('connection-failed', 'down', { retryable: true, delivered: 'no' });
const cut = (): McpError => new DeliveryUnknownError('cut');

/** A server that fails with these errors, one after the other, and then answers. */
function failing(errors: Error[], attempts = 3): { call: RequestHandler; options: CallOptions[]; counters: Counters } {
  const options: CallOptions[] = [];
  const counters = newCounters();
  const left = [...errors];
  const call = retry({ attempts, connectTimeoutMs: 15_000, maxTotalMs: 600_000, random: () => 1, counters })((
    request,
  ) => {
    options.push(request.options);
    const error = left.shift();
    return error === undefined ? Promise.resolve('answer') : Promise.reject(error);
  });
  return { call, options, counters };
}

const read = { method: 'tools/list', params: {}, options: {} };
const act = { method: 'tools/call', params: { name: 'pay' }, options: {} };

async function settle(promise: Promise<unknown>): Promise<unknown> {
  const settled = promise.catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  return settled;
}

test('sends any call again that was never sent', async () => {
  const { call, options } = failing([unreachable(), unreachable()]);
  expect(await settle(call(act))).toBe('answer');
  expect(options).toHaveLength(3);
});

test('sends a call whose fate is unknown again only if that does no harm', async () => {
  for (const [request, sent] of [
    [read, 2],
    [act, 1],
    [{ ...act, options: { idempotent: true } }, 2],
  ] as const) {
    const { call, options } = failing([cut()]);
    await settle(call(request));
    expect(options).toHaveLength(sent);
  }
});

test('gives up after the attempts of the client, or of the call, and says how many there were', async () => {
  const many = Array.from({ length: 9 }, cut);
  expect(await settle(failing(many).call(read))).toMatchObject({ code: 'delivery-unknown', attempts: 3 });
  expect(await settle(failing(many).call({ ...read, options: { attempts: 5 } }))).toMatchObject({ attempts: 5 });
  expect(await settle(failing(many).call({ ...read, options: { attempts: 1 } }))).toMatchObject({ attempts: 1 });
});

test('tries a server that cannot be reached for as long as connecting may take', async () => {
  const { call, options } = failing(Array.from({ length: 7 }, unreachable));
  expect(await settle(call(act))).toBe('answer');
  expect(options).toHaveLength(8);
  const start = Date.now();
  const dead = failing(Array.from({ length: 99 }, unreachable));
  expect(await settle(dead.call({ ...act, options: { attempts: 1 } }))).toMatchObject({ attempts: 1 });
  expect(await settle(dead.call(act))).toMatchObject({ code: 'connection-failed' });
  expect(Date.now() - start).toBeGreaterThan(14_000);
  expect(Date.now() - start).toBeLessThan(15_000);
});

test('waits as long as the server asks, and gives up at once when that is past the deadline', async () => {
  const limited = (): McpError => new RateLimitError('busy', { body: '', retryAfterMs: 1000 });
  const start = Date.now();
  expect(await settle(failing([limited()]).call(act))).toBe('answer');
  expect(Date.now() - start).toBe(1200);
  const { call, options } = failing([limited()]);
  expect(await settle(call({ ...act, options: { maxTotalMs: 900 } }))).toMatchObject({ retryAfterMs: 1000 });
  expect(options).toHaveLength(1);
});

test('tells of each wait before it, and gives up at once where the server asks for a longer one than it may be', async () => {
  const retries: unknown[] = [];
  const errors = [
    new RateLimitError('busy', { body: '', retryAfterMs: 1000 }),
    new RateLimitError('busy', { body: '', retryAfterMs: 900_000 }),
  ];
  const call = retry({
    attempts: 5,
    connectTimeoutMs: 15_000,
    maxTotalMs: 3_600_000,
    maxWaitMs: 75_000,
    onRetry: ({ method, attempt, delayMs }) => retries.push([method, attempt, delayMs]),
    random: () => 0,
    counters: newCounters(),
  })(() => Promise.reject(errors.shift()));
  expect(await settle(call(act))).toMatchObject({ retryAfterMs: 900_000 });
  expect(retries).toEqual([['tools/call', 1, 1000]]);
});

test('gives each attempt what is left of the deadline', async () => {
  const { call, options } = failing([unreachable(), unreachable()]);
  await settle(call({ ...read, options: { maxTotalMs: 1000 } }));
  expect(options.map(({ maxTotalMs }) => maxTotalMs)).toEqual([1000, 900, 700]);
});

test('an abort ends the wait with its reason', async () => {
  const controller = new AbortController();
  const { call, options } = failing([unreachable()]);
  const settled = settle(call({ ...read, options: { signal: controller.signal } }));
  controller.abort(new Error('enough'));
  expect(await settled).toMatchObject({ message: 'enough' });
  expect(options).toHaveLength(1);
});

test('a server that fails all the time is not stormed: the budget ends the repetitions', async () => {
  const { call, options, counters } = failing(Array.from({ length: 100 }, cut), 100);
  await settle(call(read));
  expect(options).toHaveLength(11);
  expect(counters).toMatchObject({ calls: 1, retries: 10, budgetRefusals: 1 });
});

test('an error that another attempt would repeat is thrown as it is', async () => {
  const final = new McpError('tool-error', 'no');
  const { call, options } = failing([final]);
  expect(await settle(call(read))).toBe(final);
  expect(options).toHaveLength(1);
});
