import { expect, test } from 'vitest';
import { editDistance, suggest } from './suggest.ts';

test.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['abc', 'acb', 1],
  ['abc', 'ab', 1],
  ['kitten', 'sitting', 3],
  ['', 'abc', 3],
])('%j is %j after %i edits', (a, b, edits) => {
  expect(editDistance(a, b)).toBe(edits);
});

test.each([
  ['lsit_tables', ['list_tables', 'get_table'], 'list_tables'],
  ['listTables', ['list_tables'], 'list_tables'],
  ['ehco', ['echo', 'each'], 'echo'],
  ['zzz', ['echo', 'add'], undefined],
  ['a', ['b'], undefined],
  ['anything', [], undefined],
])('for %j among %j it suggests %j', (word, candidates, expected) => {
  expect(suggest(word, candidates)).toBe(expected);
});
