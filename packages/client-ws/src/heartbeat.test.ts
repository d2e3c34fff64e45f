import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { heartbeat, type Heartbeat } from './heartbeat.ts';

const intervalMs = 15_000;

describe('a heartbeat', () => {
  let pings: number[];
  let silentAt: number | undefined;
  let pulse: Heartbeat;

  beforeEach(() => {
    vi.useFakeTimers({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
    pings = [];
    silentAt = undefined;
    pulse = heartbeat(
      intervalMs,
      () => pings.push(Date.now()),
      () => (silentAt = Date.now()),
    );
  });
  afterEach(() => {
    pulse.stop();
    vi.useRealTimers();
  });

  test('pings once an interval for as long as it is answered', async () => {
    for (let round = 1; round <= 10; round += 1) {
      await vi.advanceTimersByTimeAsync(intervalMs);
      pulse.heard();
    }
    expect(pings).toEqual(Array.from({ length: 10 }, (_, index) => (index + 1) * intervalMs));
    expect(silentAt).toBeUndefined();
  });

  test('does not ping while there is traffic', async () => {
    for (let round = 1; round <= 100; round += 1) {
      await vi.advanceTimersByTimeAsync(1000);
      pulse.heard();
    }
    expect(pings).toEqual([]);
  });

  test.each([0, 1, 7000, 14_999])(
    'finds a silence after two intervals, and two pings: from %i ms on',
    async (start) => {
      await vi.advanceTimersByTimeAsync(start);
      pulse.heard();
      await vi.advanceTimersByTimeAsync(2 * intervalMs - 1);
      expect(pings).toEqual([start + intervalMs, start + 1.5 * intervalMs]);
      expect(silentAt).toBeUndefined();
      await vi.advanceTimersByTimeAsync(2);
      expect(silentAt).toBeDefined();
    },
  );

  test('takes an answer to the second ping', async () => {
    await vi.advanceTimersByTimeAsync(2 * intervalMs - 1);
    pulse.heard();
    await vi.advanceTimersByTimeAsync(2 * intervalMs - 1);
    expect(silentAt).toBeUndefined();
  });

  test('takes an answer that a busy host has not read yet', async () => {
    await vi.advanceTimersByTimeAsync(2 * intervalMs - 1);
    setTimeout(() => pulse.heard(), 1); // The timer of the verdict is older, and runs first.
    vi.advanceTimersByTime(1);
    await turn();
    expect(silentAt).toBeUndefined();
  });

  test('is quiet once it is stopped', async () => {
    await vi.advanceTimersByTimeAsync(intervalMs);
    pulse.stop();
    await vi.advanceTimersByTimeAsync(10 * intervalMs);
    expect(pings).toHaveLength(1);
    expect(silentAt).toBeUndefined();
  });
});

/** Until what was put off to the end of this turn has happened. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('an interval of 0 is never', async () => {
  vi.useFakeTimers();
  const ping = vi.fn<() => void>();
  heartbeat(0, ping, ping);
  await vi.advanceTimersByTimeAsync(100_000);
  expect(ping).not.toHaveBeenCalled();
  vi.useRealTimers();
});
