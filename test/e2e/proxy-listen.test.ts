import { once } from 'node:events';
import { McpClient } from '@toolwire/client-core';
import { webSocketTransport } from '@toolwire/client-ws';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startHttpServer, stdioServer, temporaryDirectory } from '../servers/launch.ts';
import { eventually } from './eventually.ts';
import { listeningProxy } from './proxy-under-test.ts';
import { seenBy } from './subjects.ts';

const { command, args = [] } = stdioServer('v1-server');
const stdioArgv = ['--', command, ...args];

describe('a proxy that listens', () => {
  test('gives every host a session and a process of its own, and ends them when the host leaves', async () => {
    await using proxy = await listeningProxy(['--listen', 'http://127.0.0.1:0', ...stdioArgv]);
    const clients = ['a', 'b'].map((name) => {
      const options = {
        headers: proxy.headers,
        protocolVersion: '2025-11-25' as const,
        clientInfo: { name, version: '1' },
      };
      return new McpClient(`${proxy.origin}/mcp`, options);
    });
    const pids = await Promise.all(
      clients.map(async (client) => ((await client.callTool('environment')).json() as { pid: number }).pid),
    );
    expect(new Set(pids).size).toBe(2);
    expect(await Promise.all(clients.map(async (client) => (await seenBy(client)).client))).toMatchObject([
      { clientInfo: { name: 'a' } },
      { clientInfo: { name: 'b' } },
    ]);
    await clients[0]?.close();
    await eventually(() => expect(() => process.kill(pids[0] ?? 0, 0)).toThrow('ESRCH'));
    expect(process.kill(pids[1] ?? 0, 0)).toBe(true);
    await clients[1]?.close();
  });

  test.each([
    ['http', (origin: string) => `${origin}/mcp`],
    ['http', (origin: string) => ({ url: `${origin}/sse`, transport: 'sse' as const })],
    ['ws', (origin: string, headers: Record<string, string>) => () => webSocketTransport(`${origin}/ws`, { headers })],
  ])('ends a process when its host has left over %s', async (scheme, targetAt) => {
    await using proxy = await listeningProxy(['--listen', `${scheme}://127.0.0.1:0`, ...stdioArgv]);
    const options = { headers: proxy.headers, protocolVersion: '2025-11-25' as const };
    const client = new McpClient(targetAt(proxy.origin, proxy.headers), options);
    const { pid } = (await client.callTool('environment')).json() as { pid: number };
    await client.close();
    await eventually(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
  });

  test('ends every process when it ends', async () => {
    const proxy = await listeningProxy(['--listen', 'http://127.0.0.1:0', ...stdioArgv]);
    const pids = await Promise.all(
      (['2025-11-25', '2026-07-28'] as const).map(async (protocolVersion) => {
        const client = new McpClient(`${proxy.origin}/mcp`, { headers: proxy.headers, protocolVersion });
        return ((await client.callTool('environment')).json() as { pid: number }).pid;
      }),
    );
    await proxy.close();
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  test('serves several servers of a configuration file, each at its own address', async () => {
    await using server = await startHttpServer('v2-server');
    const config = { mcpServers: { one: { command, args }, 'two words': { url: server.url } } };
    await using folder = await temporaryDirectory({ 'mcp.json': JSON.stringify(config) });
    await using proxy = await listeningProxy(['--listen', 'http://127.0.0.1:0', '--config', `${folder.path}/mcp.json`]);
    const nameAt = async (path: string): Promise<string> => {
      await using client = new McpClient(`${proxy.origin}${path}`, { headers: proxy.headers });
      return (await client.connect()).name;
    };
    expect(await nameAt('/servers/one/mcp')).toBe('v1-server');
    expect(await nameAt('/servers/two%20words/mcp')).toBe('v2-server');
    await expect(nameAt('/mcp')).rejects.toMatchObject({ code: 'http-error', status: 404 });
  });

  test('offers the tools that it is told to, and lets no other be called', async () => {
    const filter = ['--tools', 'echo,spare_*', '--ignore-tool', 'spare_1*'];
    await using proxy = await listeningProxy(['--listen', 'http://127.0.0.1:0', ...filter, ...stdioArgv]);
    await using client = new McpClient(`${proxy.origin}/mcp`, { headers: proxy.headers });
    expect((await client.listTools()).map(({ name }) => name)).toEqual([
      'echo',
      ...Array.from({ length: 9 }, (_, index) => `spare_0${index + 1}`),
    ]);
    await expect(client.callTool('add', { a: 1, b: 2 })).rejects.toMatchObject({ rpcCode: -32_602 });
    await expect(client.callTool('spare_10')).rejects.toMatchObject({ rpcCode: -32_602 });
    expect((await client.callTool('echo', { text: 'x' })).text()).toBe('x');
  });

  test('serves raw JSON-RPC over a WebSocket, without a handshake too', async () => {
    await using proxy = await listeningProxy(['--listen', 'ws://127.0.0.1:0', ...stdioArgv]);
    const socket = webSocketTransport(`${proxy.origin}/ws`, { headers: proxy.headers });
    const messages: unknown[] = [];
    socket.onmessage = (message) => messages.push(message);
    await socket.start();
    await socket.send({
      jsonrpc: '2.0',
      id: 'x',
      method: 'tools/call',
      params: { name: 'echo', arguments: { text: 'raw' } },
    });
    await eventually(() => expect(messages).toMatchObject([{ id: 'x', result: { content: [{ text: 'raw' }] } }]));
    await socket.close();
  });

  test('lives on whatever a host sends over a WebSocket', async () => {
    await using proxy = await listeningProxy(['--listen', 'ws://127.0.0.1:0', ...stdioArgv]);
    const socket = new WebSocket(`${proxy.origin}/ws`, { headers: proxy.headers });
    const answers: unknown[] = [];
    socket.on('message', (data) => answers.push(JSON.parse(String(data))));
    await once(socket, 'open');
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    socket.send(deep);
    socket.send('garbage');
    socket.send(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"text":${deep}}}}`);
    socket.send('[{"jsonrpc":"2.0","id":2,"method":"ping"},{"jsonrpc":"2.0","id":3,"method":"ping"},7]');
    await eventually(() => expect(answers).toHaveLength(6));
    expect(answers).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: 1, error: expect.anything() }),
        expect.objectContaining({ id: 2, result: {} }),
        expect.objectContaining({ id: 3, result: {} }),
      ]),
    );
    expect(answers.filter((answer) => (answer as { id: unknown }).id === null)).toHaveLength(3);
    socket.send(Buffer.from('{}'), { binary: true });
    const [code] = await once(socket, 'close');
    expect(code).toBe(1003);
  });

  const tenThousand = [
    ['ws', '2025-11-25', 5000],
    ['http', '2025-11-25', 500],
    ['http', '2026-07-28', 1000],
  ] as const;

  test.each(tenThousand)(
    'crosses no answer between two clients with the same ids: %s, %s, %d calls each',
    async (scheme, protocolVersion, calls) => {
      await using proxy = await listeningProxy(['--listen', `${scheme}://127.0.0.1:0`, ...stdioArgv]);
      // Both number their requests from 1.
      await Promise.all(
        ['first', 'second'].map(async (name) => {
          const target =
            scheme === 'http' ? `${proxy.origin}/mcp` : () => webSocketTransport(`${proxy.origin}/ws`, proxy);
          const options = { headers: proxy.headers, protocolVersion, clientInfo: { name, version: '1' } };
          await using client = new McpClient(target, options);
          const echoed = async (index: number): Promise<string> =>
            (await client.callTool('echo', { text: `${name} ${index}` })).text();
          const answers = await Promise.all(Array.from({ length: calls }, (_, index) => echoed(index)));
          expect(answers).toEqual(Array.from({ length: calls }, (_, index) => `${name} ${index}`));
        }),
      );
    },
  );
});
