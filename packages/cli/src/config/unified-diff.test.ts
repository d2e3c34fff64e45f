import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { unifiedDiff } from './unified-diff.ts';

const numbers = (count: number): string => Array.from({ length: count }, (_, index) => `${index}\n`).join('');

test.each([
  ['', 'a\nb\n'],
  ['a\nb\n', ''],
  [numbers(20), numbers(20).replace('9\n', 'nine\n')],
  [numbers(20), numbers(20).replace('9\n', '')],
  [numbers(20), numbers(22)],
  ['a\na\na\n', 'a\na\n'],
  ['x\n', 'y\n'],
])('git apply makes the one text of the other: %#', (before, after) => {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-diff-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'f');
  writeFileSync(file, before);
  execFileSync('git', ['apply', '-p0', '--unidiff-zero', '-'], { cwd: folder, input: unifiedDiff(before, after, 'f') });
  expect(after === '' ? '' : readFileSync(file, 'utf8')).toBe(after);
});

test('there is nothing to say of equal texts', () => {
  expect(unifiedDiff('a\n', 'a\n', 'f')).toBe('');
});
