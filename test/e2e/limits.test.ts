import { gzipSync } from 'node:zlib';
import { McpClient, type ClientOptions } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { startHttpServer, stdioServer } from '../servers/launch.ts';
import { startRawHttpServer, type Answer } from '../servers/raw-http-server.ts';

const legacy: ClientOptions = { protocolVersion: '2025-11-25', timeoutMs: 3000 };

describe.concurrent('limits', () => {
  const big = { content: [{ type: 'text', text: 'x'.repeat(200_000) }] };

  test.each<{ name: string; answer: Answer }>([
    { name: 'JSON', answer: ({ result }) => result(big) },
    {
      name: 'events',
      answer: (exchange) => exchange.events({ jsonrpc: '2.0', id: exchange.message.id, result: big }),
    },
    {
      name: 'compressed JSON',
      answer: ({ response, message }) =>
        void response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
          .end(gzipSync(JSON.stringify({ jsonrpc: '2.0', id: message.id, result: big }))),
    },
  ])('a message that is too large fails its call alone, as $name', async ({ answer }) => {
    await using server = await startRawHttpServer({
      'tools/call': answer,
      'tools/list': ({ result }) => result({ tools: [] }),
    });
    await using client = new McpClient(server.url, { ...legacy, maxMessageBytes: 100_000 });
    await expect(client.callTool('any')).rejects.toMatchObject({ code: 'message-too-large' });
    expect(await client.listTools()).toEqual([]);
    await using roomy = new McpClient(server.url, legacy);
    expect((await roomy.callTool('any')).text()).toHaveLength(200_000);
  });

  test('a message that is too large fails its call alone, over stdio', async () => {
    await using client = new McpClient(stdioServer('v1-server'), { maxMessageBytes: 100_000 });
    await expect(client.callTool('big', { size: 200_000 })).rejects.toMatchObject({ code: 'message-too-large' });
    expect((await client.callTool('echo', { text: 'still here' })).text()).toBe('still here');
  });

  test('a list that never ends is an error', async () => {
    await using server = await startRawHttpServer({
      'tools/list': ({ result }) => result({ tools: [], nextCursor: 'again' }),
    });
    await using client = new McpClient(server.url, legacy);
    await expect(client.listTools()).rejects.toMatchObject({ code: 'invalid-response' });
    expect(server.requests.length).toBeLessThan(10);
  });

  test('an empty cursor is a cursor', async () => {
    await using server = await startRawHttpServer({
      'tools/list': ({ message, result }) => {
        const isFirst = message.params?.['cursor'] === undefined;
        const tools = [{ name: isFirst ? 'first' : 'second', inputSchema: { type: 'object' } }];
        result(isFirst ? { tools, nextCursor: '' } : { tools });
      },
    });
    await using client = new McpClient(server.url, legacy);
    expect((await client.listTools()).map(({ name }) => name)).toEqual(['first', 'second']);
  });

  test.each(['', 'retry: 0\n\n'])('a stream that ends at once is not asked for again and again (%j)', async (retry) => {
    await using server = await startRawHttpServer({ GET: (exchange) => exchange.events(`${retry}: bye\n\n`) });
    await using client = new McpClient(server.url, legacy);
    await client.connect();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const gets = server.requests.filter(({ http }) => http === 'GET').length;
    expect(gets).toBeGreaterThan(0);
    expect(gets).toBeLessThan(8);
  });

  test('many open subscriptions leave room for calls', async () => {
    await using server = await startHttpServer('v2-server');
    await using client = new McpClient(server.url, { timeoutMs: 5000 });
    await Promise.all(Array.from({ length: 40 }, (_, index) => client.subscribe(`spare://${index}`)));
    expect((await client.callTool('echo', { text: 'through' })).text()).toBe('through');
  });

  test('many calls at once open one session', async () => {
    await using server = await startHttpServer('v1-server');
    await using client = new McpClient(server.url);
    await Promise.all(Array.from({ length: 20 }, () => client.callTool('echo', { text: 'x' })));
    expect((await server.seen()).sessions).toBe(1);
  });
});

test('compressed answers are understood', async () => {
  await using server = await startRawHttpServer({
    'tools/call': ({ message, response }) => {
      const body = JSON.stringify({
        jsonrpc: '2.0',
        id: message.id,
        result: { content: [{ type: 'text', text: 'gz' }] },
      });
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync(body));
    },
  });
  await using client = new McpClient(server.url, legacy);
  expect((await client.callTool('any')).text()).toBe('gz');
});
