import { McpClient } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { folderWith, runCli } from '../../packages/cli/test-fixtures/run-cli.ts';
import { proxyCommand } from '../e2e/proxy-under-test.ts';
import { startRawHttpServer, type Answer, type RawHttpServer } from '../servers/raw-http-server.ts';
import { canariesIn, canary, echoes, echoOf } from './canary.ts';

const headers = ['--header', `X-API-Key: ${canary('key')}`, '--header', `Authorization: Bearer ${canary('bearer')}`];

/** A server that answers with a list of one tool, or as `wrong` says. */
function startEcho(wrong: string, handshakeIsFine: boolean): Promise<RawHttpServer> {
  const answer: Answer = (exchange) => {
    const echo = echoes[wrong]?.(echoOf(exchange));
    if (echo === undefined)
      exchange.result({
        tools: [{ name: 'any', inputSchema: { type: 'object' } }],
        content: [],
        resources: [],
        prompts: [],
      });
    else echo(exchange);
  };
  const calls = { 'tools/list': answer, 'tools/call': answer, 'resources/list': answer, ping: answer };
  return startRawHttpServer(handshakeIsFine ? calls : { '*': answer });
}

function withSecrets(url: string): string {
  return url.replace('://', `://${canary('user')}:${canary('password')}@`) + `?key=${canary('query')}`;
}

const commands: readonly (readonly string[])[] = [['tools', 'call', 'any'], ['resources', 'list'], ['doctor']];

describe.each(['nothing wrong', ...Object.keys(echoes)])('row 21: where the answer is %s', (wrong) => {
  test.each([true, false])('mcp shows no secret, with -v and --json too (handshake is fine: %s)', async (isFine) => {
    await using server = await startEcho(wrong, isFine);
    const said: string[] = [];
    for (const command of commands) {
      const [noun = '', ...rest] = command;
      for (const flags of [['-v'], ['-v', '--json']]) {
        const target = ['-s', withSecrets(server.url), ...headers, '--timeout', '5s', ...flags];
        const { stdout, stderr } = await runCli([noun, ...target, ...rest]);
        said.push(stdout, stderr);
      }
    }
    expect(said.join('').length).toBeGreaterThan(100);
    expect(canariesIn(...said)).toEqual([]);
  });
});

test('row 21: a configuration is shown without its secrets', async () => {
  const mcpServers = {
    remote: {
      url: withSecrets('http://127.0.0.1:1/mcp'),
      headers: { 'X-API-Key': canary('key'), Authorization: `Bearer ${canary('bearer')}` },
    },
    local: {
      command: process.execPath,
      args: ['-e', '', `--token=${canary('argument')}`, '--api-key', canary('argument')],
      env: { API_TOKEN: '${PLANTED}' },
    },
  };
  const cwd = folderWith({ 'mcp.json': { mcpServers } });
  const env = { PLANTED: canary('environment') };
  const said: string[] = [];
  for (const argv of [
    ['servers', 'list'],
    ['servers', 'show', 'remote'],
    ['servers', 'show', 'local'],
    ['doctor', 'remote'],
    ['config', 'show', '--resolved'],
  ])
    for (const flags of [['-v'], ['--json']]) {
      const { stdout, stderr } = await runCli([...argv, ...flags], { cwd, env });
      said.push(stdout, stderr);
    }
  expect(said.join('')).toContain('127.0.0.1:1');
  expect(canariesIn(...said)).toEqual([]);
});

const leaky = `
  console.error('my environment', process.env);
  require('node:readline').createInterface(process.stdin).on('line', (line) => {
    const { id, method } = JSON.parse(line);
    if (method === 'tools/list') { console.error('bye', process.env.API_TOKEN); process.exit(3); }
    const serverInfo = { name: 'leaky', version: '0' };
    const result = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo };
    const answer = method === 'initialize' ? { result } : { error: { code: -32000, message: JSON.stringify(process.env) } };
    if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...answer }) + '\\n');
  });`;

test('row 21: the environment of a server that writes it everywhere stays secret', async () => {
  const env = { API_TOKEN: '${PLANTED}' };
  const cwd = folderWith({
    'mcp.json': { mcpServers: { leaky: { command: process.execPath, args: ['-e', leaky], env } } },
  });
  const said: string[] = [];
  for (const argv of [
    ['tools', 'list'],
    ['tools', 'call', 'any'],
    ['ping'],
    ['doctor', 'leaky'],
    ['resources', 'list'],
  ])
    for (const flags of [['-v'], ['-v', '--json']]) {
      const [noun = '', ...rest] = argv;
      const { stdout, stderr } = await runCli([noun, ...flags, ...rest], {
        cwd,
        env: { PLANTED: canary('environment') },
      });
      said.push(stdout, stderr);
    }
  expect(canariesIn(...said)).toEqual([]);
});

test.each(['HTTP 401', 'HTTP 500', 'a JSON-RPC error', 'no JSON'])(
  'row 21: mcp proxy shows a host no secret where the answer is %s',
  async (wrong) => {
    await using server = await startEcho(wrong, true);
    let stderr = '';
    const argv = ['-v', withSecrets(server.url), ...headers, '--timeout', '2s'];
    await using host = new McpClient(proxyCommand(argv), {
      protocolVersion: '2025-11-25',
      attempts: 1,
      timeoutMs: 3000,
      onStderr: (text) => (stderr += text),
    });
    const failure: unknown = await host.listTools().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(canariesIn(failure, stderr)).toEqual([]);
  },
);
