import { expect, test } from 'vitest';
import { formatTable } from './format-table.ts';

test('aligns the values under their column names', () => {
  const text = formatTable(
    ['id', 'name'],
    [
      [1, 'Ada'],
      [100, null],
    ],
  );
  expect(text).toBe(['id   name', '---  ----', '1    Ada', '100  NULL'].join('\n'));
});

test('keeps one row on one line, and control characters off the terminal', () => {
  expect(formatTable(['x'], [['a\nb\u001b[2J']])).toBe(
    'x\n-----------\na\\nb\\u001b[2J'.replace('-----------', '-'.repeat(13)),
  );
});

test('does not pad short rows to the length of a very long value', () => {
  const [header] = formatTable(['a', 'b'], [['x'.repeat(5_000), 1]]).split('\n');
  expect(header).toBe(`${'a'.padEnd(60)}  b`);
});
