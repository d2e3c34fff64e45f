import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { McpClient, type JsonObject } from '@toolwire/client-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startHttpServer, stdioServer, temporaryDirectory } from '../servers/launch.ts';
import { startTrexsql } from '../servers/trexsql.ts';
import { eventually } from './eventually.ts';
import { startRawHost } from './proxy-raw-host.ts';

const initialize = {
  id: 'init',
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw-host', version: '7' } },
};
const { command, args = [] } = stdioServer('v1-server');
const stdioArgv = ['--', command, ...args];

describe('a server that cannot be used is told in the answer to initialize', () => {
  test.each([
    [
      'refused',
      ['http://127.0.0.1:9/mcp', '--timeout', '300'],
      /Cannot reach http:\/\/127\.0\.0\.1:9: nothing listens there/,
    ],
    ['unknown', ['http://no-such-host.invalid/mcp', '--timeout', '300'], /no-such-host\.invalid/],
    [
      'dying',
      ['--', command, '-e', 'console.error("out of cheese"); process.exit(3)'],
      /exited with code 3[\s\S]*out of cheese/,
    ],
    ['missing', ['--', 'no-such-command'], /no-such-command/],
    [
      'silent',
      ['--timeout', '300', '--', command, '-e', 'setInterval(() => {}, 1000)'],
      /within 300 ms[\s\S]*--timeout/,
    ],
  ])('%s', async (_kind, argv, message) => {
    const host = startRawHost(argv);
    host.send(initialize);
    const { error } = await host.answer('init');
    expect(error).toMatchObject({ code: -32_000, message: expect.stringMatching(message) });
    expect(host.child.exitCode).toBeNull();
    host.child.stdin.end();
    expect(await host.exit()).toEqual([0, null]);
    expect(host.lines).toHaveLength(1);
  });

  test('and is tried again when the host asks again', async () => {
    await using folder = await temporaryDirectory({ 'server.mjs': 'process.exit(1)' });
    const script = join(folder.path, 'server.mjs');
    const host = startRawHost(['--', command, script]);
    host.send(initialize);
    expect(await host.answer('init')).toHaveProperty('error');
    await writeFile(script, `await import(${JSON.stringify(args[0])})`);
    host.send({ ...initialize, id: 'again' });
    expect(await host.answer('again')).toMatchObject({ result: { serverInfo: { name: 'v1-server' } } });
  });
});

describe('a host over stdin and stdout', () => {
  test('gets messages only, its own revision, and the identity that it gave is what the server sees', async () => {
    await using server = await startHttpServer('v1-server');
    const host = startRawHost([server.url]);
    host.send(initialize);
    expect(await host.answer('init')).toMatchObject({
      result: { protocolVersion: '2025-06-18', instructions: 'Call echo.', capabilities: { logging: {} } },
    });
    expect((await server.seen()).client).toMatchObject({ clientInfo: { name: 'raw-host', version: '7' } });
    host.child.stdin.write('this is no JSON\n[]\n\n');
    host.send({ id: 1, method: 'ping' });
    await host.answer(1);
    const errors = host.lines.slice(1, 3).map((line) => JSON.parse(line) as JsonObject);
    expect(errors).toMatchObject([
      { id: null, error: { code: -32_600 } },
      { id: null, error: { code: -32_600 } },
    ]);
    for (const line of host.lines) expect(JSON.parse(line)).toHaveProperty('jsonrpc', '2.0');
  });

  test('ends the session and the proxy with its stdin', async () => {
    const server = await startTrexsql();
    onTestFinished(() => server.close());
    const host = startRawHost([server.url, '--bearer-env', 'KEY'], { KEY: 'trex_test' });
    host.send(initialize);
    await host.answer('init');
    expect(server.seen.sessions()).toBe(1);
    host.child.stdin.end();
    expect(await host.exit()).toEqual([0, null]);
    expect(server.seen.sessions()).toBe(0);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('leaves no process behind after %s', async (signal) => {
    const host = startRawHost(stdioArgv);
    host.send(initialize);
    await host.answer('init');
    host.send({ id: 'pid', method: 'tools/call', params: { name: 'environment' } });
    const { result } = (await host.answer('pid')) as { result: { content: { text: string }[] } };
    const { pid } = JSON.parse(result.content[0]?.text ?? '') as { pid: number };
    host.child.kill(signal);
    expect(await host.exit()).toEqual([0, null]);
    await eventually(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
  });

  test('starts a command with the variables that are named, and no other of its own', async () => {
    const env = { AWS_SECRET_ACCESS_KEY: 'leaked', GITHUB_TOKEN: 'passed-on' };
    const host = startRawHost(['--pass-env', 'GITHUB_TOKEN', ...stdioArgv], env);
    host.send(initialize);
    host.send({ id: 1, method: 'tools/call', params: { name: 'environment' } });
    const answer = JSON.stringify(await host.answer(1));
    expect(answer).toContain('passed-on');
    expect(answer).not.toContain('leaked');
  });

  test('gets the server of a configuration file that it names, with the headers of a file', async () => {
    await using server = await startHttpServer('v1-server');
    const mcpServers = { local: { command, args }, remote: { url: server.url, headers: { 'X-From': 'config' } } };
    await using folder = await temporaryDirectory({
      'mcp.json': JSON.stringify({ mcpServers }),
      'headers.txt': '# for the server\nX-Key: ${KEY}\n',
    });
    const config = ['--config', join(folder.path, 'mcp.json')];
    const host = startRawHost([...config, '-s', 'remote', '--header-file', join(folder.path, 'headers.txt')], {
      KEY: 'from-the-file',
    });
    host.send(initialize);
    host.send({ id: 1, method: 'tools/call', params: { name: 'request', arguments: {} } });
    expect(JSON.stringify(await host.answer(1))).toMatch(/x-from[^}]*config[^}]*x-key[^}]*from-the-file/);
    const undecided = startRawHost(config);
    expect(await undecided.exit()).toEqual([2, null]);
    expect(undecided.stderr()).toMatch(/One server at a time/);
  });

  test('may not use one id twice at the same time', async () => {
    const host = startRawHost(stdioArgv);
    host.send(initialize);
    await host.answer('init');
    const slow = { name: 'slow', arguments: { label: 'a', steps: 1, stepMs: 300, quiet: true } };
    host.send({ id: 5, method: 'tools/call', params: slow });
    host.send({ id: 5, method: 'tools/call', params: slow });
    expect(await host.answer(5)).toMatchObject({ error: { code: -32_600 } });
    await eventually(() => expect(host.lines.at(-1)).toContain('a done'));
  });

  test('waits for a server that has no room, and hears of it on stderr only', async () => {
    const server = await startTrexsql({ max: 1 });
    onTestFinished(() => server.close());
    const argv = [server.url, '--header', 'Authorization: Bearer trex_test'];
    await using other = new McpClient(server.url, { headers: { authorization: 'Bearer trex_test' } });
    await other.connect();
    const host = startRawHost(argv);
    host.send(initialize);
    await eventually(() => expect(host.stderr()).toMatch(/refuses initialize for now \(HTTP 503\); asks again in 2 s/));
    await other.close();
    expect(await host.answer('init')).toHaveProperty('result');
    expect(host.stderr()).not.toContain('trex_test');
  });

  test('sees no secret of its headers, of its environment or of an address in what the proxy says', async () => {
    const server = await startHttpServer('v1-server');
    const url = new URL(server.url);
    url.username = 'someone';
    url.password = 'password-1';
    url.search = 'key=query-secret';
    const host = startRawHost(['-v', url.href, '--header', 'X-Api-Key:header-secret', '--header', 'X-Env: ${SECRET}'], {
      SECRET: 'env-secret-1',
    });
    host.send(initialize);
    await host.answer('init');
    await server.close();
    host.send({ id: 1, method: 'tools/call', params: { name: 'echo', arguments: { text: 'x' } } });
    host.child.stdin.end();
    await host.exit();
    expect(host.stderr() + host.lines.join()).not.toMatch(/password-1|query-secret|header-secret|env-secret-1/);
  });
});

describe('wrong usage ends with 2 and says why', () => {
  test.each([
    [[], /Which server/],
    [['http://localhost:1/mcp', '--header', 'X-Key:'], /X-Key has no value[\s\S]*spaces/],
    [['http://localhost:1/mcp', '--header', 'X-Key: ${MISSING_VARIABLE}'], /MISSING_VARIABLE/],
    [['http://localhost:1/mcp', '--bearer-env', 'MISSING_VARIABLE'], /MISSING_VARIABLE/],
    [['http://localhost:1/mcp', '--header-file', 'missing.txt'], /missing\.txt/],
    [['http://example.invalid/mcp', '--header', 'X-Key: secret'], /x-key was not sent[\s\S]*--insecure-http/],
    [['--listen', 'http://0.0.0.0:0', ...stdioArgv], /--host/],
    [['--listen', 'http://0.0.0.0:0', '--host', '0.0.0.0', '--no-token', ...stdioArgv], /token/],
    [['--listen', 'ftp://127.0.0.1:0', ...stdioArgv], /--listen/],
    [['--token', 'x', ...stdioArgv], /--listen/],
    [['--allow-orign', 'x', ...stdioArgv], /--allow-origin/],
    [['ftp://127.0.0.1/'], /http:/],
  ])('%j', async (argv, message) => {
    const host = startRawHost(argv);
    expect(await host.exit()).toEqual([2, null]);
    expect(host.stderr()).toMatch(message);
    expect(host.lines).toEqual([]);
  });
});
