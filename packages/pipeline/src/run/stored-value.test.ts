import { expect, test } from 'vitest';
import { storedValues } from './stored-value.ts';

const canary = 'canary-7f3a';

test('takes secrets out of values, keys and errors, the longer ones first', () => {
  const stored = storedValues([canary, `${canary}-long`, 'abc'], 1000);
  const value = { [canary]: [`Bearer ${canary}-long!`, { deep: `x${canary}x` }], short: 'abc', number: 1 };
  expect(stored.value(value)).toEqual({
    '[redacted]': ['Bearer [redacted]!', { deep: 'x[redacted]x' }],
    short: 'abc',
    number: 1,
  });
  expect(stored.error(new Error(`401 for ${canary}`))).toBe('401 for [redacted]');
});

test('refuses what is too large, and says what to do', () => {
  const stored = storedValues([], 20);
  expect(stored.value('x'.repeat(18))).toHaveLength(18);
  expect(() => stored.value('x'.repeat(19))).toThrow(
    'it is 21 bytes large, and 20 are stored at most; keep less by `output`',
  );
  expect(() => stored.value('é'.repeat(10))).toThrow(RangeError);
});

test('an error is one short line', () => {
  const text = storedValues([], 1000).error(new Error(`a\nb${'x'.repeat(10_000)}`));
  expect(text).not.toContain('\n');
  expect(text.length).toBeLessThan(2100);
});
