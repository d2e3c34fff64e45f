import { connect, parseConfig, type StdioServerConfig } from '@toolwire/client-core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runCli } from '../../packages/cli/test-fixtures/run-cli.ts';
import { proxyCommand } from '../e2e/proxy-under-test.ts';

const secret = 'canary-7f3a';

beforeEach(() => {
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secret);
  vi.stubEnv('NODE_OPTIONS', '--no-warnings');
  vi.stubEnv('BASH_FUNC_ls%%', '() { echo pwned; }');
});
afterEach(() => vi.unstubAllEnvs());

/** A server whose one tool answers with its whole environment. */
function environmentServer(more: Partial<StdioServerConfig> = {}): StdioServerConfig {
  const source = `
    const serverInfo = { name: 'environment', version: '0' };
    require('node:readline').createInterface(process.stdin).on('line', (line) => {
      const { id, method } = JSON.parse(line);
      if (id === undefined) return;
      const results = {
        initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo },
        'tools/list': { tools: [{ name: 'environment', inputSchema: { type: 'object' } }] },
        'tools/call': { content: [{ type: 'text', text: JSON.stringify(process.env) }] },
      };
      const answer = results[method] ? { result: results[method] } : { error: { code: -32601, message: 'no' } };
      process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...answer }) + '\\n');
    });`;
  return { command: process.execPath, args: ['-e', source], ...more };
}

async function environmentOf(config: StdioServerConfig): Promise<Record<string, string>> {
  await using client = await connect(config);
  return (await client.callTool('environment')).json() as Record<string, string>;
}

test('row 1: a server inherits six variables and no more', async () => {
  const environment = await environmentOf(environmentServer());
  const ours = new Set(['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER']);
  expect(Object.keys(environment).filter((name) => !ours.has(name))).toEqual([]);
  expect(environment['PATH']).toBe(process.env['PATH']);
});

test('row 1: env adds what it says, inheritEnv what it names', async () => {
  const added = await environmentOf(environmentServer({ env: { MODE: 'test' } }));
  expect(added).toMatchObject({ MODE: 'test' });
  expect(added).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
  const inherited = await environmentOf(environmentServer({ inheritEnv: ['AWS_SECRET_ACCESS_KEY', 'NOT_SET'] }));
  expect(inherited).toMatchObject({ AWS_SECRET_ACCESS_KEY: secret });
  expect(inherited).not.toHaveProperty('NOT_SET');
});

test('row 1: neither mcp nor mcp proxy gives a server more', async () => {
  const { command, args = [] } = environmentServer();
  const called = await runCli(['tools', 'call', 'environment', '--', command, ...args], { env: { ...process.env } });
  expect(called).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('PATH') });
  expect(called.stdout).not.toContain(secret);
  const behind = proxyCommand(['--', command, ...args], { AWS_SECRET_ACCESS_KEY: secret });
  expect(JSON.stringify(await environmentOf(behind))).not.toContain(secret);
});

test('row 1: a configuration says what its server may see', async () => {
  const { command, args = [] } = environmentServer();
  const text = JSON.stringify({ mcpServers: { one: { command, args, env: { SEEN: '${AWS_SECRET_ACCESS_KEY}' } } } });
  const { one } = parseConfig(text, { file: 'mcp.json', env: process.env });
  expect(await environmentOf(one as StdioServerConfig)).toMatchObject({ SEEN: secret });
});
