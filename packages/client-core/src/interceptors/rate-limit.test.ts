import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RateLimitError } from '../errors.ts';
import type { CallOptions, RequestHandler } from '../interceptor.ts';
import { rateLimit } from './rate-limit.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A limited server that notes after how many seconds each call arrives. */
function limited(perMinute: number): { call(name: string, options?: CallOptions): Promise<unknown>; sent: unknown[] } {
  const start = Date.now();
  const sent: unknown[] = [];
  const handler: RequestHandler = rateLimit({ perMinute, maxTotalMs: 600_000 })(async ({ params, options }) => {
    sent.push([params['name'], (Date.now() - start) / 1000]);
    return options.maxTotalMs;
  });
  return { sent, call: (name, options = {}) => handler({ method: 'tools/call', params: { name }, options }) };
}

test('at most so many calls are sent in any 60 seconds, first in first out', async () => {
  const { call, sent } = limited(2);
  const calls = ['a', 'b', 'c', 'd', 'e'].map((name) => call(name));
  await vi.advanceTimersByTimeAsync(30_000);
  void call('f');
  await vi.advanceTimersByTimeAsync(150_000);
  await Promise.all(calls);
  expect(sent).toEqual([
    ['a', 0],
    ['b', 0],
    ['c', 60],
    ['d', 60],
    ['e', 120],
    ['f', 120],
  ]);
});

test('what was sent more than 60 seconds ago does not count', async () => {
  const { call, sent } = limited(1);
  await call('a');
  await vi.advanceTimersByTimeAsync(61_000);
  await call('b');
  expect(sent).toEqual([
    ['a', 0],
    ['b', 61],
  ]);
});

test('a call whose turn comes past its deadline is refused at once, and says when to come back', async () => {
  const { call, sent } = limited(1);
  await call('a');
  await vi.advanceTimersByTimeAsync(20_000);
  const refusal = await call('b', { maxTotalMs: 30_000 }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(RateLimitError);
  expect(refusal).toMatchObject({ delivered: 'no', retryAfterMs: 40_000 });
  expect(sent).toHaveLength(1);
});

test('the wait counts towards the deadline', async () => {
  const { call } = limited(1);
  await call('a');
  const second = call('b', { maxTotalMs: 100_000 });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await second).toBe(40_000);
});

test('an aborted call leaves at once, and its turn to the next', async () => {
  const { call, sent } = limited(1);
  await call('a');
  const controller = new AbortController();
  const aborted = call('b', { signal: controller.signal }).catch((error: unknown) => error);
  controller.abort('enough');
  expect(await aborted).toBe('enough');
  const third = call('c');
  await vi.advanceTimersByTimeAsync(60_000);
  await third;
  expect(sent).toEqual([
    ['a', 0],
    ['c', 60],
  ]);
  expect(vi.getTimerCount()).toBe(0);
});
