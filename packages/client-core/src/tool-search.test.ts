import { expect, test } from 'vitest';
import type { Tool } from './protocol/types.ts';
import { searchTools } from './tool-search.ts';

function tool(name: string, description = '', title?: string): Tool {
  return { name, description, inputSchema: { type: 'object' }, ...(title !== undefined && { title }) };
}

const tools = [
  tool('github/create_issue', 'Creates an issue in a repository'),
  tool('github/listIssues', 'Lists the issues of a repository'),
  tool('github/merge', 'Merges two branches', 'Merge a pull request'),
  tool('mail/send', 'Sends a message to people'),
];

function found(query: string, limit = 10): string[] {
  return searchTools(tools, query, limit).map(({ name }) => name);
}

test.each([
  ['list issues', 'github/listIssues'],
  ['creating an ISSUE', 'github/create_issue'],
  ['pull request', 'github/merge'],
  ['send a mail', 'mail/send'],
  ['messages', 'mail/send'],
  ['github branches', 'github/merge'],
])('%j finds %s first', (query, name) => {
  expect(found(query)[0]).toBe(name);
});

test('the beginning of a word finds it', () => {
  expect(found('repos')).toEqual(['github/create_issue', 'github/listIssues']);
});

test('gives no more than the limit, and nothing where no word fits', () => {
  expect(found('repository', 1)).toHaveLength(1);
  expect(found('weather')).toEqual([]);
  expect(found('')).toEqual([]);
  expect(found('!?')).toEqual([]);
});

test('a description as long as a book is searched in its beginning', () => {
  const book = tool('a/book', `whale ${'x '.repeat(1e6)} harpoon`);
  expect(searchTools([book], 'whale', 1)).toEqual([book]);
  expect(searchTools([book], 'harpoon', 1)).toEqual([]);
});
