import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { startGate } from './hub-starts.ts';

afterEach(() => void vi.useRealTimers());

test('no more than the limit are at work, and each gets its turn', async () => {
  const gate = startGate(3);
  let [working, most] = [0, 0];
  const work = async (): Promise<number> => {
    most = Math.max(most, ++working);
    await sleep(2);
    return --working;
  };
  await Promise.all(Array.from({ length: 20 }, () => gate(work)));
  expect([working, most]).toEqual([0, 3]);
});

test('work that fails makes way, and tells its own error', async () => {
  const gate = startGate(1);
  const failing = gate(() => Promise.reject(new Error('no such command')));
  await expect(failing).rejects.toThrow('no such command');
  expect(await gate(() => Promise.resolve('next'))).toBe('next');
});

test('work that is slow to start makes way after a second, once', async () => {
  vi.useFakeTimers();
  const gate = startGate(1);
  const started: string[] = [];
  const slow = (name: string, ms: number) => gate(() => (started.push(name), sleepFake(ms)));
  const all = Promise.all([slow('a', 5000), slow('b', 5000), slow('c', 5000)]);
  await vi.advanceTimersByTimeAsync(999);
  expect(started).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(1001);
  expect(started).toEqual(['a', 'b', 'c']);
  await vi.advanceTimersByTimeAsync(10_000);
  await all;
  const [first, second] = [slow('d', 10), slow('e', 10)];
  expect(started).toHaveLength(3 + 1);
  await vi.advanceTimersByTimeAsync(20);
  await Promise.all([first, second]);
});

function sleepFake(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}
