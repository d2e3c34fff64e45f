import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '@toolwire/client-core';
import { expect, test } from 'vitest';
import { listeningProxy } from '../../../../test/e2e/proxy-under-test.ts';
import { startHttpServer } from '../../test-fixtures/http-server.ts';
import { realEntry } from '../../test-fixtures/real-servers.ts';
import { fixtureEntry, folderWith, input, runCli, type Outcome } from '../../test-fixtures/run-cli.ts';
import { answersIn, callMessage, greeting, wireLines } from '../../test-fixtures/wire-lines.ts';

const { command, args } = fixtureEntry();
const talk = wireLines(...greeting, callMessage(1, 'echo', { message: 'hi' }));

function record(cwd: string, argv: readonly string[], said: string = talk): Promise<Outcome> {
  return runCli(['record', ...argv], { cwd, stdin: input(said) });
}

function linesOf(cwd: string, file = 'a.jsonl'): { from?: string; message?: Record<string, unknown>; atMs?: number }[] {
  const text = readFileSync(join(cwd, file), 'utf8').trimEnd();
  return text.split('\n').map((line) => JSON.parse(line) as object); // As it should be.
}

test('the host gets its answers, and the file has every message, for its owner alone', async () => {
  const cwd = folderWith({});
  const { exitCode, stdout, stderr } = await record(cwd, ['a.jsonl', '--', command, ...args]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'fixture: starting\n' });
  expect(answersIn(stdout).get(1)).toMatchObject({ result: { content: [{ text: 'hi' }] } });
  const [head, ...messages] = linesOf(cwd);
  expect(head).toEqual({ version: 1 });
  expect(messages.map(({ from, message }) => `${from} ${String(message?.['method'] ?? message?.['id'])}`)).toEqual(
    expect.arrayContaining([
      'client initialize',
      'client notifications/initialized',
      'server hello',
      'client tools/call',
      'server 1',
    ]),
  );
  expect(messages).toHaveLength(5);
  expect(messages.every(({ atMs }) => typeof atMs === 'number' && atMs >= 0 && atMs < 60_000)).toBe(true);
  expect(statSync(join(cwd, 'a.jsonl')).mode & 0o777).toBe(0o600);
});

test('a file that is there stays as it is, unless it is to be replaced or added to', async () => {
  const cwd = folderWith({ 'a.jsonl': 'mine' });
  const refused = await record(cwd, ['a.jsonl', '--', command, ...args]);
  expect(refused).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringMatching(/exists already\n.+--force/),
  });
  expect(readFileSync(join(cwd, 'a.jsonl'), 'utf8')).toBe('mine');
  await record(cwd, ['a.jsonl', '--force', '--', command, ...args]);
  expect(linesOf(cwd)).toHaveLength(6);
  await record(cwd, ['a.jsonl', '--append', '--', command, ...args]);
  expect(linesOf(cwd)).toHaveLength(11);
});

test('a server that only speaks HTTP+SSE is recorded as any other', async () => {
  await using server = await listeningProxy(['--listen', 'http://127.0.0.1:0', '--', command, ...args]);
  const entry = { url: `${server.origin}/sse`, headers: server.headers };
  const cwd = folderWith({ 'mcp.json': { mcpServers: { it: entry } } });
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const recording = ['--conditions=@toolwire/source', main, '--trust', 'record', 'a.jsonl', '-s', 'it'];
  await using host = await connect(
    { command: process.execPath, args: recording, cwd },
    { protocolVersion: '2025-11-25' },
  );
  expect((await host.callTool('echo', { message: 'hi' })).text()).toBe('hi');
  await expect.poll(() => linesOf(cwd)).toHaveLength(6);
});

test('configured credentials, and what is written like one, are not in the file', async () => {
  const entry = { ...realEntry('v1'), env: { SECRET_VALUE: 'canary-1' } };
  const cwd = folderWith({ 'mcp.json': { mcpServers: { it: entry } } });
  const passed = { HOME: '/', PASSED: 'canary-2' };
  const said = wireLines(
    ...greeting,
    callMessage(1, 'environment'),
    callMessage(2, 'echo', { text: 'Bearer canary-3' }),
  );
  const argv = ['record', 'a.jsonl', '-s', './mcp.json#it', '--pass-env', 'PASSED'];
  const planted = process.env['PASSED'];
  process.env['PASSED'] = 'canary-2';
  const { stdout } = await runCli(argv, { cwd, stdin: input(said), env: passed });
  if (planted === undefined) delete process.env['PASSED'];
  for (const canary of ['canary-1', 'canary-2', 'canary-3']) expect(stdout).toContain(canary); // The host gets all.
  const written = readFileSync(join(cwd, 'a.jsonl'), 'utf8');
  expect(written).toContain('[redacted]');
  expect(written).not.toContain('canary');
});

test('headers for a URL are not in the file', async () => {
  const server = await startHttpServer((request, response) => {
    const said = request.headers['x-client-key'];
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { said } }));
  });
  const cwd = folderWith({});
  const argv = ['a.jsonl', '-s', server.url, '--header', 'X-Client-Key: canary-1'];
  const { exitCode, stdout } = await record(cwd, argv, wireLines({ id: 1, method: 'ping' }));
  server.close();
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('canary-1') });
  expect(linesOf(cwd)).toHaveLength(3);
  expect(readFileSync(join(cwd, 'a.jsonl'), 'utf8')).not.toContain('canary');
});

test('a server that cannot start, or ends, is told with 3, and what was said until then is kept', async () => {
  const cwd = folderWith({});
  expect(await record(cwd, ['a.jsonl', '--', 'no-such-command-here'])).toMatchObject({ exitCode: 3, stdout: '' });
  expect(existsSync(join(cwd, 'a.jsonl'))).toBe(false);
  const died = await record(cwd, ['b.jsonl', '--', command, ...args], wireLines(callMessage(1, 'die')));
  expect(died).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('fixture: dying') });
  expect(linesOf(cwd, 'b.jsonl')).toHaveLength(2);
});

test.each([
  [['record', 'a.jsonl', 'b.jsonl', '--', 'x'], /one file/],
  [['record', 'a.jsonl', '-s', 'http://127.0.0.1:1/mcp', '-s', 'http://127.0.0.1:2/mcp'], /One server/],
  [['record', 'none/a.jsonl', '--', command, ...args], /Cannot write/],
  [['record', 'a.jsonl', '-o', 'yaml', '--', 'x'], /-o is for commands/],
])('%j is refused', async (argv, says) => {
  const { exitCode, stdout, stderr } = await runCli(argv, { stdin: input('') });
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: expect.stringMatching(says) });
  expect(exitCode).toBeGreaterThanOrEqual(2);
});
