import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../src/sender/clock.ts';

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Waits until somebody sleeps, and moves on to when the first of them wakes. */
  next(): Promise<void>;
  /** Moves on, past the sleep of nobody who began later. */
  advance(ms: number): Promise<void>;
  readonly sleepers: number;
}

interface Sleeper {
  readonly dueAt: number;
  readonly wake: () => void;
}

export function manualClock(startAt: number = Date.now()): ManualClock {
  const sleeping = new Set<Sleeper>();
  let now = startAt;
  return {
    now: () => now,
    sleep(ms, signal) {
      return new Promise((resolve) => {
        const wake = (): void => {
          sleeping.delete(sleeper);
          resolve();
        };
        const sleeper: Sleeper = { dueAt: now + ms, wake };
        sleeping.add(sleeper);
        signal.addEventListener('abort', wake);
        if (signal.aborted) wake();
      });
    },
    async next() {
      while (sleeping.size === 0) await setImmediate();
      await moveTo(Math.min(...[...sleeping].map(({ dueAt }) => dueAt)));
    },
    advance: (ms) => moveTo(now + ms),
    get sleepers() {
      return sleeping.size;
    },
  };

  async function moveTo(time: number): Promise<void> {
    now = Math.max(now, time);
    for (const { dueAt, wake } of sleeping) if (dueAt <= now) wake();
    await setImmediate();
  }
}
