import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { abortable, SharedTimer, sleep, withTimeout } from './signals.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new Promise<never>(() => {});

function listenersOf(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}

describe('sleep', () => {
  test('ends after its time, and leaves no listener on a shared signal', async () => {
    const { signal } = new AbortController();
    const slept = sleep(1000, signal);
    await vi.advanceTimersByTimeAsync(1000);
    await expect(slept).resolves.toBeUndefined();
    expect(listenersOf(signal)).toBe(0);
  });

  test('rejects with the reason of an abort, and leaves no timer', async () => {
    const controller = new AbortController();
    const slept = sleep(1000, controller.signal);
    controller.abort('enough');
    await expect(slept).rejects.toBe('enough');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('starts no timer for a signal that has aborted already', async () => {
    await expect(sleep(1000, AbortSignal.abort('enough'))).rejects.toBe('enough');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('needs no signal', async () => {
    const slept = sleep(10);
    await vi.advanceTimersByTimeAsync(10);
    await expect(slept).resolves.toBeUndefined();
  });
});

describe('abortable', () => {
  test('settles as its promise does', async () => {
    const { signal } = new AbortController();
    await expect(abortable(Promise.resolve(7), signal)).resolves.toBe(7);
    await expect(abortable(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    await expect(abortable(Promise.resolve(7), undefined)).resolves.toBe(7);
    expect(listenersOf(signal)).toBe(0);
  });

  test('rejects with the very reason of the abort', async () => {
    const controller = new AbortController();
    const reason = { any: 'value' };
    const waiting = abortable(never, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(abortable(never, controller.signal)).rejects.toBe(reason);
  });

  test('lets nobody see the failure of what was aborted before', async () => {
    const rejected = Promise.reject(new Error('unseen'));
    await expect(abortable(rejected, AbortSignal.abort('enough'))).rejects.toBe('enough');
  });

  test('leaves no listener on a signal that thousands of calls share', async () => {
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 5000 }, () => abortable(Promise.resolve(), signal)));
    expect(listenersOf(signal)).toBe(0);
  });
});

describe('withTimeout', () => {
  test('settles as its promise does, and leaves no timer', async () => {
    await expect(withTimeout(Promise.resolve(7), 1000, () => new Error('late'))).resolves.toBe(7);
    await expect(withTimeout(Promise.reject(new Error('no')), 1000, () => new Error('late'))).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('rejects with the error of the timeout', async () => {
    const waiting = expect(withTimeout(never, 1000, () => new Error('late'))).rejects.toThrow('late');
    await vi.advanceTimersByTimeAsync(1000);
    await waiting;
  });
});

describe('SharedTimer', () => {
  /** A timer that counts the milliseconds at which it fires. */
  function timer(): { timer: SharedTimer; firedAt: number[] } {
    const [start, firedAt]: [number, number[]] = [Date.now(), []];
    return { timer: new SharedTimer(() => firedAt.push(Date.now() - start)), firedAt };
  }

  test('fires once, at the earliest of what it watches', async () => {
    const { timer: shared, firedAt } = timer();
    for (const ms of [500, 100, 300, 100]) shared.watch(Date.now() + ms);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(firedAt).toEqual([100]);
  });

  test('fires again for what is watched after it fired', async () => {
    const { timer: shared, firedAt } = timer();
    shared.watch(Date.now() + 100);
    await vi.advanceTimersByTimeAsync(100);
    shared.watch(Date.now() + 300);
    await vi.advanceTimersByTimeAsync(300);
    expect(firedAt).toEqual([100, 400]);
  });

  test('fires at once for what is due already', async () => {
    const { timer: shared, firedAt } = timer();
    shared.watch(Date.now() - 5000);
    await vi.advanceTimersByTimeAsync(0);
    expect(firedAt).toHaveLength(1);
  });

  test('waits for no end, and stops when it is told to', async () => {
    const { timer: shared, firedAt } = timer();
    shared.watch(Infinity);
    expect(vi.getTimerCount()).toBe(0);
    shared.watch(Date.now() + 100);
    shared.stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(firedAt).toEqual([]);
    shared.watch(Date.now() + 100);
    await vi.advanceTimersByTimeAsync(100);
    expect(firedAt).toEqual([1100]);
  });

  test('takes no time too long for a timer for a short one', async () => {
    const { timer: shared, firedAt } = timer();
    shared.watch(Date.now() + 60 * 24 * 3600 * 1000);
    await vi.advanceTimersByTimeAsync(1000);
    expect(firedAt).toEqual([]);
  });
});
