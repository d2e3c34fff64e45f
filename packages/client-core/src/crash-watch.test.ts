import { expect, test } from 'vitest';
import { CrashWatch } from './crash-watch.ts';
import { CrashLoopError, McpError, ServerExitedError } from './errors.ts';

const crash = new ServerExitedError('exited with code 3', { exitCode: 3, signal: null, stderrTail: 'no module' });

function watch(): { crashes: CrashWatch; clock: { now: number } } {
  const clock = { now: 100_000 };
  return {
    clock,
    crashes: new CrashWatch(
      () => 1,
      () => clock.now,
    ),
  };
}

test('each crash makes the next start wait longer, until it is 30 seconds old', () => {
  const { crashes, clock } = watch();
  const delays = [crashes.delayMs()];
  for (let count = 0; count < 3; count++) {
    crashes.record(crash);
    clock.now += 1000;
    delays.push(crashes.delayMs());
  }
  expect(delays).toEqual([0, 100, 200, 400]);
  clock.now += 28_500;
  expect(crashes.delayMs()).toBe(100);
});

test('five crashes in 30 seconds are a loop, until it is forgiven', () => {
  const { crashes, clock } = watch();
  for (let count = 0; count < 5; count++) {
    expect(() => crashes.check()).not.toThrow();
    crashes.record(crash);
  }
  clock.now += 600_000;
  expect(() => crashes.check()).toThrow(CrashLoopError);
  expect(() => crashes.check()).toThrow(/exited with code 3/);
  crashes.reset();
  expect(() => crashes.check()).not.toThrow();
});

test('five crashes over more than 30 seconds are not, and neither is any other failure', () => {
  const { crashes, clock } = watch();
  for (let count = 0; count < 9; count++) {
    crashes.record(crash);
    crashes.record(new McpError('timeout', 'm'));
    crashes.record(undefined);
    clock.now += 7600;
  }
  expect(() => crashes.check()).not.toThrow();
});
