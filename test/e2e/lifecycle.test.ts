import { McpClient, type ConnectionStatus } from '@toolwire/client-core';
import { describe, expect, test, vi } from 'vitest';
import { startHttpServer, stdioServer } from '../servers/launch.ts';
import { eventually } from './eventually.ts';
import { seenBy } from './subjects.ts';

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** What a promise rejects with, watched from now on. */
function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error('it did not reject')),
    (error: unknown) => error,
  );
}

async function collect(client: McpClient, into: ConnectionStatus['type'][]): Promise<void> {
  for await (const { type } of client.status()) into.push(type);
}

async function pidOf(client: McpClient): Promise<number> {
  return ((await client.callTool('environment')).json() as { pid: number }).pid;
}

describe.concurrent('over stdio', () => {
  test.each(['v1-server', 'v2-server'] as const)('close() ends the %s and what is under way', async (name) => {
    const client = new McpClient(stdioServer(name));
    const pid = await pidOf(client);
    expect(isRunning(pid)).toBe(true);
    const rejection = rejectionOf(client.callTool('slow', { label: 'cut off', steps: 1, stepMs: 30_000 }));
    await client.close();
    expect(await rejection).toMatchObject({ code: expect.stringMatching(/closed|exited|unknown/) });
    expect(isRunning(pid)).toBe(false);
    await expect(client.listTools()).rejects.toMatchObject({ code: 'connection-closed', delivered: 'no' });
    await client.close();
  });

  test('a child that dies fails its calls with its last words, and the next call starts another', async () => {
    await using client = new McpClient(stdioServer('v1-server'));
    const pid = await pidOf(client);
    const bystander = rejectionOf(client.callTool('slow', { label: 'bystander', steps: 1, stepMs: 30_000 }));
    await expect(client.callTool('crash', { exitCode: 7 })).rejects.toMatchObject({
      code: 'server-exited',
      exitCode: 7,
      stderrTail: 'out of cheese\n',
      delivered: 'unknown',
    });
    expect(await bystander).toMatchObject({ code: 'server-exited' });
    expect(await pidOf(client)).not.toBe(pid);
  });

  test('the server gets its own environment, a working directory and only safe variables of ours', async () => {
    vi.stubEnv('TOOLWIRE_SECRET', 'hidden');
    vi.stubEnv('TOOLWIRE_SHARED', 'shown');
    const config = { ...stdioServer('v1-server'), cwd: '/', env: { COLOR: 'blue' }, inheritEnv: ['TOOLWIRE_SHARED'] };
    await using client = new McpClient(config);
    const { cwd, env } = (await client.callTool('environment')).json() as { cwd: string; env: Record<string, string> };
    expect(cwd).toBe('/');
    expect(env).toMatchObject({ COLOR: 'blue', TOOLWIRE_SHARED: 'shown', PATH: process.env['PATH'] });
    expect(env).not.toHaveProperty('TOOLWIRE_SECRET');
    vi.unstubAllEnvs();
  });

  test('passes stderr on', async () => {
    let text = '';
    await using client = new McpClient(stdioServer('v1-server'), { onStderr: (chunk) => (text += chunk) });
    await expect(client.callTool('crash', { exitCode: 1 })).rejects.toThrow(/exited with code 1/);
    expect(text).toBe('out of cheese\n');
  });
});

describe.concurrent('over HTTP', () => {
  test('close() ends the session on the server', async () => {
    await using server = await startHttpServer('v1-server');
    const client = new McpClient(server.url);
    await client.connect();
    expect((await server.seen()).sessions).toBe(1);
    await client.close();
    expect((await server.seen()).sessions).toBe(0);
  });

  test.each(['404', '400'])(
    'a session lost with %s is opened again once, and the calls are sent again',
    async (status) => {
      await using server = await startHttpServer('v1-server', ['--lost-session', status]);
      await using client = new McpClient(server.url);
      await client.connect();
      const subscription = await client.subscribe('config://settings');
      await server.control('_forget');
      const words = ['a', 'b', 'c', 'd'];
      const results = await Promise.all(words.map((text) => client.callTool('echo', { text })));
      expect(results.map((result) => result.text())).toEqual(words);
      const { sessions, subscribed } = await server.seen();
      expect(sessions).toBe(1);
      expect(subscribed).toEqual(['config://settings']);
      await client.callTool('touch', { uri: 'config://settings' });
      for await (const change of subscription) {
        expect(change).toEqual({ type: 'resource', uri: 'config://settings' });
        break;
      }
    },
  );

  test('an answer stream that the server closes is resumed', async () => {
    await using server = await startHttpServer('v1-server');
    await using client = new McpClient(server.url);
    const result = await client.callTool('cut_stream', { afterMs: 200 });
    expect(result.text()).toBe('resumed');
  });

  test.each(['v1-server', 'v2-server'] as const)('the changes of the %s come again after a cut', async (name) => {
    await using server = await startHttpServer(name);
    await using client = new McpClient(server.url);
    await using subscription = await client.subscribe('config://settings');
    await server.control('_cut').catch(() => {}); // It cuts this request, too.
    const heard = subscription[Symbol.asyncIterator]().next();
    let isHeard = false;
    void heard.then(() => (isHeard = true));
    await eventually(async () => {
      await client.callTool('touch', { uri: 'config://settings' });
      expect(isHeard).toBe(true);
    });
    expect(await heard).toMatchObject({ value: { type: 'resource', uri: 'config://settings' } });
  });
});

describe.concurrent('status()', () => {
  test('tells of connecting, connected and closed, and ends', async () => {
    const client = new McpClient(stdioServer('v2-server'));
    const seen: ConnectionStatus['type'][] = [];
    const collected = collect(client, seen);
    await client.connect();
    await client.close();
    await collected;
    expect(seen).toEqual(['connecting', 'connected', 'closed']);
  });

  test('tells of a reconnection', async () => {
    await using server = await startHttpServer('v1-server');
    const client = new McpClient(server.url);
    const seen: ConnectionStatus['type'][] = [];
    const collected = collect(client, seen);
    await client.connect();
    await server.control('_forget');
    await client.ping();
    await client.close();
    await collected;
    expect(seen).toEqual(['connecting', 'connected', 'reconnecting', 'connected', 'resync', 'closed']);
  });
});

describe.concurrent('2026-07-28', () => {
  test('an answer may be used again for as long as the server says, and no longer than it is true', async () => {
    await using client = new McpClient(stdioServer('v2-server', ['--ttl', '60000', '--page-size', '100']));
    const lists = async (): Promise<number> =>
      (await seenBy(client)).methods.filter((method) => method === 'tools/list').length;
    await client.listTools();
    await client.listTools();
    expect(await lists()).toBe(1);
    await client.listTools({ fresh: true });
    expect(await lists()).toBe(2);
    await using subscription = await client.subscribe({ tools: true });
    await client.callTool('grow', { list: 'tools' });
    for await (const change of subscription) {
      expect(change).toEqual({ type: 'tools' });
      break;
    }
    expect((await client.listTools()).map(({ name }) => name)).toContain('grown_1');
  });

  test('repeats arguments as headers where a tool asks for it, also when it was never listed', async () => {
    await using server = await startHttpServer('v2-server');
    await using client = new McpClient(server.url);
    for (const region of ['eu-west', 'Zürich']) {
      const { headers } = (await client.callTool('request', { region })).json() as { headers: Record<string, string> };
      expect(headers).toMatchObject({
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'request',
        'mcp-param-region': region === 'eu-west' ? 'eu-west' : '=?base64?WsO8cmljaA==?=',
      });
    }
  });

  test.each(['stdio', 'http'] as const)('a server of both eras is spoken to in the new one over %s', async (wire) => {
    await using server = wire === 'http' ? await startHttpServer('v2-server', ['--dual']) : undefined;
    const target = server?.url ?? stdioServer('v2-server', ['--dual']);
    await using client = new McpClient(target);
    expect(await client.connect()).toMatchObject({ protocolVersion: '2026-07-28' });
    await using older = new McpClient(target, { protocolVersion: '2025-11-25' });
    expect(await older.connect()).toMatchObject({ protocolVersion: '2025-11-25' });
    expect((await older.callTool('echo', { text: 'old' })).text()).toBe('old');
  });
});
