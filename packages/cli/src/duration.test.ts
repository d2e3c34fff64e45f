import { expect, test } from 'vitest';
import { parseDuration } from './duration.ts';

test.each([
  ['500', 500],
  ['500ms', 500],
  ['30s', 30_000],
  ['1.5s', 1_500],
  ['2m', 120_000],
])('%s is %i ms', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each(['', '0', '-1', '30 s', '1h', 'soon', '99999999m'])('%j is refused', (text) => {
  expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'usage' }));
});
