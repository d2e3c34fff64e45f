import { expect, test } from 'vitest';
import { formatWaiting } from './spinner.ts';

test.each<[what: string, progress: { progress: number; total?: number; message?: string }, line: string]>([
  ['a bar', { progress: 5, total: 10, message: 'rows' }, '⠋ db: big ██████████░░░░░░░░░░ 50 % rows 2 s'],
  ['more than all', { progress: 20, total: 10 }, '⠋ db: big ████████████████████ 100 % 2 s'],
  ['no total', { progress: 7, message: 'x\u001b[2J\n' }, '⠋ db: big 7 x\\x1b[2J 2 s'],
  ['a total of nothing', { progress: 7, total: 0 }, '⠋ db: big 7 2 s'],
])('progress is shown as %s', (_what, progress, line) => {
  expect(formatWaiting({ label: 'db: big', progress }, 0, 2_100, undefined)).toBe(line);
});

test('the line fits the terminal', () => {
  expect(formatWaiting({ label: 'x'.repeat(100) }, 3, 0, 20)).toHaveLength(19);
});
