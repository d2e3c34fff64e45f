import { expect, test } from 'vitest';
import { toolFilter } from './tool-filter.ts';

test.each([
  [[], [], 'anything', true],
  [['echo', 'add'], [], 'add', true],
  [['echo'], [], 'Echo', false],
  [['echo'], [], 'echo2', false],
  [[], ['drop_table'], 'drop_table', false],
  [[], ['drop_table'], 'list_tables', true],
  [['*_table'], ['drop_*'], 'drop_table', false],
  [['*_table'], ['drop_*'], 'show_table', true],
  [['a*b*c'], [], 'aXbYc', true],
  [['a*b*c'], [], 'acb', false],
  [['ab*ba'], [], 'aba', false],
  [['*'], [], '', true],
  [['a.c'], [], 'abc', false],
  [['__proto__'], [], 'toString', false],
])('--tools %j and --ignore-tool %j on %s: %s', (only, ignored, name, isOffered) => {
  expect(toolFilter({ only, ignored })(name)).toBe(isOffered);
});

test('takes no longer for a pattern that fits almost', () => {
  const name = 'a'.repeat(50_000);
  expect(toolFilter({ only: [`${'a*'.repeat(50)}b`], ignored: [] })(name)).toBe(false);
});
