import { describe, expect, test } from 'vitest';
import { addressRefused } from './endpoint.ts';
import { judge, parseRetryAfter, standardRetryDelays, type Verdict } from './schedule.ts';

const schedule = { retryDelaysMs: standardRetryDelays, rejectedAttempts: 5, random: () => 1 };
const day = 86_400_000;
const inFiveSeconds: Verdict = { type: 'retry', delayMs: 5_000 };
const dropped = (reason: Extract<Verdict, { type: 'dropped' }>['reason']): Verdict => ({ type: 'dropped', reason });

test('the first attempts are close together, the last a day apart: three days in all', () => {
  expect(standardRetryDelays.slice(0, 3)).toEqual([5_000, 300_000, 1_800_000]);
  expect(standardRetryDelays).toHaveLength(9);
  expect(standardRetryDelays.reduce((sum, delay) => sum + delay) / day).toBeCloseTo(3.15, 1);
});

describe('what follows from an answer', () => {
  test.each<[status: number | undefined, first: Verdict, fifth: Verdict, tenth: Verdict]>([
    [200, { type: 'delivered', status: 200 }, { type: 'delivered', status: 200 }, { type: 'delivered', status: 200 }],
    [204, { type: 'delivered', status: 204 }, { type: 'delivered', status: 204 }, { type: 'delivered', status: 204 }],
    [301, inFiveSeconds, dropped('rejected'), dropped('rejected')],
    [308, inFiveSeconds, dropped('rejected'), dropped('rejected')],
    [400, inFiveSeconds, dropped('rejected'), dropped('rejected')],
    [401, inFiveSeconds, dropped('rejected'), dropped('rejected')],
    [404, inFiveSeconds, dropped('rejected'), dropped('rejected')],
    [408, inFiveSeconds, { type: 'retry', delayMs: 5 * 3_600_000 }, dropped('exhausted')],
    [410, dropped('endpoint_gone'), dropped('endpoint_gone'), dropped('endpoint_gone')],
    [413, dropped('rejected'), dropped('rejected'), dropped('rejected')],
    [425, inFiveSeconds, { type: 'retry', delayMs: 5 * 3_600_000 }, dropped('exhausted')],
    [429, inFiveSeconds, { type: 'retry', delayMs: 5 * 3_600_000 }, dropped('exhausted')],
    [500, inFiveSeconds, { type: 'retry', delayMs: 5 * 3_600_000 }, dropped('exhausted')],
    [503, inFiveSeconds, { type: 'retry', delayMs: 5 * 3_600_000 }, dropped('exhausted')],
    [undefined, inFiveSeconds, { type: 'retry', delayMs: 5 * 3_600_000 }, dropped('exhausted')],
  ])('%s', (status, first, fifth, tenth) => {
    expect(judge({ status }, 1, schedule)).toEqual(first);
    expect(judge({ status }, 5, schedule)).toEqual(fifth);
    expect(judge({ status }, 10, schedule)).toEqual(tenth);
  });

  test('an address that is refused is refused at once', () => {
    expect(judge({ status: undefined, failure: { code: addressRefused, message: '' } }, 1, schedule)).toEqual(
      dropped('address_refused'),
    );
  });
});

test.each([
  [0, 0],
  [0.5, 150_000],
  [1, 300_000],
])('jitter is full: random %j waits %j ms of five minutes', (random, delayMs) => {
  expect(judge({ status: 503 }, 2, { ...schedule, random: () => random })).toEqual({ type: 'retry', delayMs });
});

test('what the receiver asks for counts instead, and up to 20 % more', () => {
  const result = { status: 429, retryAfterMs: 60_000 };
  expect(judge(result, 1, { ...schedule, random: () => 0 })).toEqual({ type: 'retry', delayMs: 60_000 });
  expect(judge(result, 1, schedule)).toEqual({ type: 'retry', delayMs: 72_000 });
  expect(judge({ status: 503, retryAfterMs: day }, 1, schedule)).toEqual({ type: 'retry', delayMs: day });
});

const now = Date.parse('2026-11-21T12:00:00Z');

test.each([
  [undefined, undefined],
  ['', undefined],
  ['soon', undefined],
  ['-5', undefined],
  ['0', 0],
  ['120', 120_000],
  [' 7 ', 7_000],
  ['Sat, 21 Nov 2026 12:02:00 GMT', 120_000],
  ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
  ['86401', day],
  ['99999999999999999999999', day],
])('Retry-After %j asks to wait %j ms', (text, waitMs) => {
  expect(parseRetryAfter(text, now)).toBe(waitMs);
});
