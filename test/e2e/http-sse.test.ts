import { Client, SSEClientTransport } from '@modelcontextprotocol/client';
import { connect, McpClient } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { sseTransport } from '../../packages/client-core/src/transports/sse.ts';
import { startHttpServer, type HttpServer } from '../servers/launch.ts';
import { startRawHttpServer } from '../servers/raw-http-server.ts';
import { eventually } from './eventually.ts';

/** A server that knows only HTTP+SSE. */
function startSseServer(...args: string[]): Promise<HttpServer> {
  return startHttpServer('v1-server', ['--transport', 'sse', ...args]);
}

async function requestsTo(server: HttpServer): Promise<string[]> {
  return (await server.seen()).requests ?? [];
}

describe.concurrent('a server that knows only HTTP+SSE', () => {
  test.each(['400', '404', '405'])('is found out when it refuses initialize with %s', async (refusal) => {
    await using server = await startSseServer('--refusal', refusal, '--protocol', '2024-11-05');
    await using client = await connect(server.url);
    expect(client.server).toMatchObject({ name: 'v1-server', protocolVersion: '2024-11-05' });
    expect((await client.callTool('echo', { text: 'hi' })).text()).toBe('hi');
    expect((await requestsTo(server)).slice(0, 3)).toEqual(['POST /sse', 'POST /sse', 'GET /sse']);
  });

  test('is not asked again which wire it knows when its stream is cut', async () => {
    await using server = await startSseServer();
    await using client = await connect(server.url);
    const before = (await requestsTo(server)).length;
    await server.control('_cut').catch(() => {}); // It cuts this request, too.
    await eventually(async () => expect((await client.callTool('echo', { text: 'hi' })).text()).toBe('hi'));
    const since = (await requestsTo(server)).slice(before);
    expect(since[0]).toBe('GET /sse');
    expect(since).not.toContain('POST /sse');
  });

  test('is connected to again when it restarts, and told again what is subscribed', async () => {
    const first = await startSseServer();
    await using client = await connect(first.url);
    const subscription = await client.subscribe('config://settings');
    await first.close();
    await using second = await startSseServer('--port', new URL(first.url).port);
    await client.ping(); // Reconnects now, rather than after the wait that a restart is given.
    await eventually(async () => expect((await second.seen()).subscribed).toEqual(['config://settings']));
    await client.callTool('touch', { uri: 'config://settings' });
    for await (const change of subscription) {
      expect(change).toEqual({ type: 'resource', uri: 'config://settings' });
      await subscription.close();
    }
    expect(await requestsTo(second)).not.toContain('POST /sse');
  });

  test('is connected to again when it no longer knows the session, and executes each call once', async () => {
    await using server = await startSseServer();
    await using client = await connect(server.url);
    await server.control('_forget');
    const words = ['a', 'b', 'c'];
    const results = await Promise.all(words.map((text) => client.callTool('echo', { text })));
    expect(results.map((result) => result.text())).toEqual(words);
    expect((await server.seen()).methods.filter((method) => method === 'tools/call')).toHaveLength(3);
  });

  test('fails the calls that wait when it dies, and says that they may have been executed', async () => {
    await using server = await startSseServer();
    await using client = await connect(server.url, { attempts: 1 });
    const call = client.callTool('slow', { label: 'cut off', steps: 1, stepMs: 30_000, quiet: true });
    const failure = call.catch((error: unknown) => error);
    await eventually(async () => expect((await server.seen()).started).toContain('cut off'));
    await server.close();
    expect(await failure).toMatchObject({ code: 'delivery-unknown' });
  });

  test('can be named as such, and is then never posted to at its stream', async () => {
    await using server = await startSseServer();
    await using client = await connect({ url: server.url, transport: 'sse' });
    expect((await client.callTool('echo', { text: 'hi' })).text()).toBe('hi');
    expect((await requestsTo(server)).slice(0, 2)).toEqual(['GET /sse', 'POST /messages']);
  });

  test('is no server to a client that wants Streamable HTTP', async () => {
    await using server = await startSseServer();
    const connecting = connect({ url: server.url, transport: 'http' });
    await expect(connecting).rejects.toMatchObject({ code: 'http-error', status: 404 });
    expect(await requestsTo(server)).not.toContain('GET /sse');
  });

  test('is reached over the official transport, and over ours by the official client', async () => {
    await using server = await startSseServer();
    await using client = new McpClient(() => new SSEClientTransport(new URL(server.url)));
    expect((await client.callTool('echo', { text: 'hi' })).text()).toBe('hi');
    const official = new Client({ name: 'official', version: '1' });
    await official.connect(sseTransport(server.url));
    const { content } = await official.callTool({ name: 'echo', arguments: { text: 'hi' } });
    expect(content).toEqual([{ type: 'text', text: 'hi' }]);
    await official.close();
  });
});

describe.concurrent('a server of Streamable HTTP', () => {
  test.each(['v1-server', 'v2-server'] as const)(
    'like the %s is never asked for a stream of events first',
    async (name) => {
      await using server = await startHttpServer(name);
      await using client = await connect({ url: server.url, transport: 'auto' });
      expect((await client.callTool('echo', { text: 'hi' })).text()).toBe('hi');
      if (name === 'v1-server') expect((await requestsTo(server)).slice(0, 2)).toEqual(['POST /mcp', 'POST /mcp']);
    },
  );

  test('stays one, also when it refuses initialize later', async () => {
    let isUp = true;
    await using server = await startRawHttpServer({
      initialize({ json, message }) {
        const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'raw', version: '0' } };
        if (isUp) json({ jsonrpc: '2.0', id: message.id, result }, 200, { 'mcp-session-id': 'one' });
        else json({ error: 'not here' }, 404);
      },
      ping: ({ json }) => json({ error: 'not here' }, 404),
    });
    await using client = await connect(server.url);
    await eventually(() => expect(server.requests.at(-1)?.http).toBe('GET')); // The stream of Streamable HTTP.
    isUp = false;
    await expect(client.ping({ attempts: 1 })).rejects.toMatchObject({ status: 404 });
    expect(server.requests.filter(({ http }) => http === 'GET')).toHaveLength(1);
  });
});

describe.concurrent('a server that knows neither', () => {
  test.each<[string, { status: number; type: string; stays?: boolean }]>([
    ['refuses GET, too', { status: 404, type: 'text/plain' }],
    ['shows a page', { status: 200, type: 'text/html' }],
    ['streams events without an endpoint, and ends', { status: 200, type: 'text/event-stream' }],
    ['streams events without an endpoint, for ever', { status: 200, type: 'text/event-stream', stays: true }],
  ])('and %s fails with its answer to initialize', async (_title, { status, type, stays }) => {
    await using server = await startRawHttpServer({
      '*': ({ response }) => void response.writeHead(405).end('no POST here'),
      initialize: ({ response }) => void response.writeHead(405).end('no POST here'),
      'server/discover': ({ response }) => void response.writeHead(405).end('no POST here'),
      GET({ response }) {
        response.writeHead(status, { 'content-type': type }).write(': nothing\n\n');
        if (stays !== true) response.end();
      },
    });
    await expect(connect(server.url)).rejects.toMatchObject({
      code: 'http-error',
      status: 405,
      body: 'no POST here',
      cause: expect.objectContaining({ code: expect.any(String) }) as object,
    });
    expect(server.requests.map(({ http }) => http)).toEqual(['POST', 'POST', 'GET']);
  });

  test('but refuses a credential is not asked further', async () => {
    await using server = await startRawHttpServer({
      '*': ({ response }) => void response.writeHead(401).end(),
      'server/discover': ({ response }) => void response.writeHead(401).end(),
    });
    await expect(connect(server.url)).rejects.toMatchObject({ code: 'unauthorized' });
    expect(server.requests.map(({ http }) => http)).not.toContain('GET');
  });
});
