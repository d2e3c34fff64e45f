import { expect, test } from 'vitest';
import { diffLines } from './diff-lines.ts';

const text = (...lines: readonly string[]): string => lines.join('\n');

test.each<[what: string, expected: string, actual: string, diff: readonly string[]]>([
  ['a line', 'a', 'b', ['- a', '+ b']],
  [
    'a line within',
    text('1', '2', '3', 'x', '4', '5', '6'),
    text('1', '2', '3', 'y', '4', '5', '6'),
    ['  2', '  3', '- x', '+ y', '  4', '  5'],
  ],
  ['two places', text('a', 'b', 'c', 'd'), text('A', 'b', 'c', 'D'), ['- a', '+ A', '  b', '  c', '- d', '+ D']],
  ['more lines', text('a', 'c'), text('a', 'b', 'c'), ['  a', '+ b', '  c']],
  ['fewer lines', text('a', 'a', 'a'), text('a', 'a'), ['  a', '  a', '- a']],
  ['moved lines', text('a', 'b'), text('b', 'a'), ['- a', '  b', '+ a']],
])('%s', (_what, expected, actual, diff) => {
  expect(diffLines(expected, actual)).toEqual(diff);
});

test('thousands of lines are told apart at once', () => {
  const lines = (prefix: string): string => text(...Array.from({ length: 5_000 }, (_, index) => `${prefix}${index}`));
  expect(diffLines(lines('a'), lines('b'))).toHaveLength(10_000);
});
