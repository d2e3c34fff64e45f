import { expect, test } from 'vitest';
import { suggestions } from './hub-suggest.ts';

const tools = ['github/list_issues', 'github/create_issue', 'github/merge', 'github/list_pulls'];

test('the nearest names come first', () => {
  expect(suggestions('github/list_isues', tools)).toBe('Nearest: "github/list_issues", "github/list_pulls"');
  expect(suggestions('github/listIssues', tools)).toMatch(/^Nearest: "github\/list_issues"/);
});

test('a name that holds what was written is near', () => {
  expect(suggestions('merge', ['merge_pull_request', 'x'])).toBe('Nearest: "merge_pull_request"');
});

test('where none is near, the first few are told', () => {
  const names = Array.from({ length: 20 }, (_, index) => `tool-${index}`);
  expect(suggestions('z', ['a', 'b'])).toBe('There are: "a", "b"');
  expect(suggestions('quite different', names)).toMatch(/^There are: "tool-0", .*"tool-7", …$/);
  expect(suggestions('a', [])).toBe('There are none');
});

test('a name cannot drive a terminal, or make the comparison slow', () => {
  expect(suggestions('ab', ['a\u001B[2Jb'])).toBe(String.raw`There are: "a\u001b[2Jb"`);
  expect(suggestions('a'.repeat(1e6), ['b'.repeat(1e6)]).length).toBeLessThan(200);
});
