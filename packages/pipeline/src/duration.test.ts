import { expect, test } from 'vitest';
import { parseDuration } from './duration.ts';

test.each([
  [250, 250],
  ['500ms', 500],
  ['1.5s', 1500],
  ['2 m', 120_000],
  ['1h', 3_600_000],
  ['7d', 604_800_000],
])('reads %j as %d milliseconds', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([-1, Number.NaN, Infinity, '', '5', '5 minutes', '-5s', 's', null, {}])(
  'finds no duration in %j',
  (value) => {
    expect(parseDuration(value)).toBeUndefined();
  },
);
