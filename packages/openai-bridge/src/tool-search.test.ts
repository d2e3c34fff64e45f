import type { ToolCaller } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import type { CatalogTool } from './catalog.ts';
import { toOpenAITool } from './to-openai-tool.ts';
import { searchTools } from './tool-search.ts';

const caller: ToolCaller = {
  listTools: () => Promise.resolve([]),
  callTool: () => Promise.reject(new Error('no call')),
};

const tools = [
  entry('github', 'create_issue', 'Creates an issue in a repository'),
  entry('github', 'list_issues', 'Lists the issues of a repository'),
  entry('github', 'merge_pull_request', 'Merges a pull request'),
  entry('jira', 'createTicket', 'Files a ticket'),
  entry('mail', 'send', 'Sends a message', ['recipient', 'attachments']),
];

describe('a search finds, the best first,', () => {
  test.each<[query: string, names: string[]]>([
    ['create an issue', ['create_issue', 'list_issues', 'createTicket']],
    ['tickets', ['createTicket']],
    ['jira', ['createTicket']],
    ['attachment', ['send']],
    ['merge', ['merge_pull_request']],
    ['weather', []],
    ['', []],
  ])('%j', (query, names) => {
    expect(searchTools(tools, query, 3).map(({ tool }) => tool.name)).toEqual(names);
  });
});

function entry(server: string, name: string, description: string, properties: readonly string[] = []): CatalogTool {
  const inputSchema = { type: 'object' as const, properties: Object.fromEntries(properties.map((key) => [key, {}])) };
  const tool = { name, description, inputSchema };
  return { server, tool, caller, name: `${server}__${name}`, converted: toOpenAITool(tool, { api: 'chat' }) };
}
