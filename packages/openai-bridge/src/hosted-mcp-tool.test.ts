import { describe, expect, test } from 'vitest';
import { toHostedMcpTool } from './hosted-mcp-tool.ts';

test('a server becomes a tool that OpenAI calls', () => {
  const server = { url: 'https://mcp.example.com/mcp', headers: { Authorization: 'Bearer x' } };
  expect(toHostedMcpTool('my server', server)).toEqual({
    type: 'mcp',
    server_label: 'my_server',
    server_url: 'https://mcp.example.com/mcp',
    require_approval: 'always',
    headers: { Authorization: 'Bearer x' },
  });
});

test('what its tools may do can be limited', () => {
  const url = 'https://mcp.example.com/mcp';
  const options = { description: 'Sales', requireApproval: 'never', deferLoading: true } as const;
  expect(toHostedMcpTool('1', { url }, { ...options, allowedTools: ['read'] })).toEqual({
    type: 'mcp',
    server_label: 'mcp_1',
    server_url: url,
    server_description: 'Sales',
    require_approval: 'never',
    allowed_tools: ['read'],
    defer_loading: true,
  });
  const readOnly = toHostedMcpTool('a', { url }, { allowedTools: { readOnly: true } });
  expect(readOnly.allowed_tools).toEqual({ read_only: true });
});

describe('an address that OpenAI cannot reach is refused', () => {
  test.each(['http://localhost:8000/mcp', 'http://127.0.0.1/mcp', 'http://[::1]/mcp', 'http://nas.local/mcp'])(
    '%s',
    (url) => {
      expect(() => toHostedMcpTool('a', { url })).toThrow(TypeError);
    },
  );
});
