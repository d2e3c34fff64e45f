import { expect, test } from 'vitest';
import { measure } from './measure.ts';

/** A clock that `calls` move on, each by its own number of milliseconds. */
function clock(...costs: readonly number[]): { now: () => number; call: () => Promise<undefined> } {
  let [time, index] = [0, 0];
  const call = async (): Promise<undefined> => {
    time += costs[index++ % costs.length] ?? 0;
  };
  return { now: () => time, call };
}

test('the percentiles are times that were measured', async () => {
  const { now, call } = clock(...Array.from({ length: 100 }, (_, index) => 100 - index));
  const measured = await measure(call, { calls: 100, durationMs: undefined, jobs: 1, now });
  expect(measured).toEqual({
    calls: 100,
    seconds: 5.05,
    callsPerSecond: 19.8,
    latencyMs: { min: 1, mean: 50.5, p50: 50, p90: 90, p99: 99, max: 100 },
    errors: {},
  });
});

test('no call begins after the time is over', async () => {
  const { now, call } = clock(40);
  const measured = await measure(call, { calls: undefined, durationMs: 100, jobs: 1, now });
  expect(measured).toMatchObject({ calls: 3, seconds: 0.12 });
});

test('failures are counted by their code, and are no part of the times', async () => {
  const codes = ['timeout', undefined, 'tool-error', 'timeout'];
  const call = (): Promise<string | undefined> => Promise.resolve(codes.shift());
  const measured = await measure(call, { calls: 4, durationMs: undefined, jobs: 1, now: () => 0 });
  expect(measured).toMatchObject({ calls: 4, errors: { timeout: 2, 'tool-error': 1 }, latencyMs: { p50: 0 } });
  const allFail = await measure(async () => 'timeout', { calls: 2, durationMs: undefined, jobs: 1, now: () => 0 });
  expect(allFail.latencyMs).toBeUndefined();
});

test('as many calls are under way as there are jobs, and never more calls than wanted', async () => {
  let [underWay, most, done] = [0, 0, 0];
  const call = async (): Promise<undefined> => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setTimeout(resolve, 1));
    underWay -= 1;
    done += 1;
  };
  const progress: number[] = [];
  const options = { calls: 10, durationMs: undefined, jobs: 4, now: () => performance.now() };
  await measure(call, { ...options, onProgress: (count) => progress.push(count) });
  expect({ most, done, last: progress.at(-1) }).toEqual({ most: 4, done: 10, last: 10 });
});
