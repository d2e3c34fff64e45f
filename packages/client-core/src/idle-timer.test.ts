import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { IdleTimer } from './idle-timer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('fires once when nothing has touched it for so long, and again after the next touch', () => {
  const onIdle = vi.fn();
  const timer = new IdleTimer(1000, onIdle);
  vi.advanceTimersByTime(5000);
  expect(onIdle).not.toHaveBeenCalled();
  for (let count = 0; count < 5; count++) {
    timer.touch();
    vi.advanceTimersByTime(900);
  }
  expect(onIdle).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100);
  expect(onIdle).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(5000);
  expect(onIdle).toHaveBeenCalledTimes(1);
  timer.touch();
  vi.advanceTimersByTime(1000);
  expect(onIdle).toHaveBeenCalledTimes(2);
});

test('never fires after it was stopped', () => {
  const onIdle = vi.fn();
  const timer = new IdleTimer(1000, onIdle);
  timer.touch();
  timer.stop();
  vi.advanceTimersByTime(5000);
  expect(onIdle).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
