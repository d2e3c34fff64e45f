import { McpClient, type Target } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { startRawHttpServer, type Answer } from '../servers/raw-http-server.ts';

const script = (source: string): Target => ({ command: process.execPath, args: ['-e', source] });

describe.concurrent('a server that is odd but can be connected to', () => {
  test.each<{ name: string; answer: Answer }>([
    { name: 'says nothing', answer: () => {} },
    { name: 'answers 200 with an empty object', answer: ({ json }) => json({}) },
    { name: 'answers 200 with an empty result', answer: ({ result }) => result({}) },
    { name: 'answers 200 with HTML', answer: ({ json }) => json('<html>', 200, { 'content-type': 'text/html' }) },
    { name: 'answers 200 with broken JSON', answer: ({ json }) => json('{"jsonrpc":') },
    { name: 'answers 202', answer: ({ response }) => void response.writeHead(202).end() },
    { name: 'answers 400 in plain text', answer: ({ response }) => void response.writeHead(400).end('Bad Request') },
    { name: 'answers 404', answer: ({ response }) => void response.writeHead(404).end() },
    { name: 'answers 406', answer: ({ json }) => json({ error: 'Not Acceptable' }, 406) },
    { name: 'answers 500', answer: ({ response }) => void response.writeHead(500).end('oops') },
    { name: 'drops the connection', answer: ({ request }) => void request.socket.destroy() },
    {
      name: 'has not seen initialize',
      answer: ({ message, json }) =>
        json({ jsonrpc: '2.0', id: message.id, error: { code: -32_602, message: 'Invalid request parameters' } }),
    },
  ])('$name when it is asked for its revisions: the older handshake serves', async ({ answer }) => {
    await using server = await startRawHttpServer({
      'server/discover': answer,
      'tools/list': ({ result }) => result({ tools: [] }),
    });
    await using client = new McpClient(server.url, { probeTimeoutMs: 300 });
    expect(await client.connect()).toMatchObject({ name: 'raw', protocolVersion: '2025-11-25' });
    expect(await client.listTools()).toEqual([]);
  });

  test('ends at the first word that it does not know: it is started again and asked the older way', async () => {
    const source = `
      require('node:readline').createInterface(process.stdin).on('line', (line) => {
        const { id, method } = JSON.parse(line);
        if (method === 'server/discover') process.exit(1);
        const result = { protocolVersion: '2024-11-05', capabilities: {}, serverInfo: { name: 'old', version: '1' } };
        if (method === 'initialize') console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
      });`;
    await using client = new McpClient(script(source));
    expect(await client.connect()).toMatchObject({ name: 'old', protocolVersion: '2024-11-05' });
  });

  test.each<{ name: string; answer: Answer; code: string }>([
    {
      name: 'cuts its answer stream',
      answer: ({ response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
        setTimeout(() => response.destroy(), 50);
      },
      code: 'delivery-unknown',
    },
    {
      name: 'ends its answer stream without an answer',
      answer: ({ response }) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': bye\n\n'),
      code: 'delivery-unknown',
    },
    {
      name: 'drops the connection before it answers',
      answer: ({ request }) => void request.socket.destroy(),
      code: 'delivery-unknown',
    },
    { name: 'answers with broken JSON', answer: ({ json }) => json('{"jsonrpc":'), code: 'invalid-response' },
    {
      name: 'answers with a web page',
      answer: ({ json }) => json('<p>', 200, { 'content-type': 'text/html' }),
      code: 'invalid-response',
    },
    {
      name: 'accepts the call and says no more',
      answer: ({ response }) => void response.writeHead(202).end(),
      code: 'timeout',
    },
    { name: 'says nothing', answer: () => {}, code: 'timeout' },
    { name: 'is overloaded', answer: ({ json }) => json({ error: 'later' }, 503), code: 'http-error' },
    { name: 'answers a result that is no object', answer: ({ result }) => result('done'), code: 'invalid-response' },
  ])('$name: that call fails, the next does not', async ({ answer, code }) => {
    let calls = 0;
    await using server = await startRawHttpServer({
      'tools/call': (exchange) => {
        calls += 1;
        if (calls === 1) answer(exchange);
        else exchange.result({ content: [{ type: 'text', text: 'fine' }] });
      },
    });
    await using client = new McpClient(server.url, { protocolVersion: '2025-11-25', timeoutMs: 700 });
    await expect(client.callTool('any')).rejects.toMatchObject({ code });
    expect((await client.callTool('any')).text()).toBe('fine');
  });

  test('loses its sessions the way of trexsql: one new handshake, and the call is sent again', async () => {
    let session = 'first';
    await using server = await startRawHttpServer({
      initialize: ({ message, json }) =>
        json(
          {
            jsonrpc: '2.0',
            id: message.id,
            result: { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'raw', version: '0' } },
          },
          200,
          { 'mcp-session-id': session },
        ),
      'tools/call': ({ request, json, result }) => {
        const error = { code: -32_000, message: 'Bad Request: Server not initialized' };
        if (request.headers['mcp-session-id'] !== session) json({ jsonrpc: '2.0', id: null, error }, 400);
        else result({ content: [{ type: 'text', text: session }] });
      },
    });
    await using client = new McpClient(server.url, { protocolVersion: '2025-11-25' });
    expect((await client.callTool('any')).text()).toBe('first');
    session = 'second';
    const results = await Promise.all([client.callTool('any'), client.callTool('any'), client.callTool('any')]);
    expect(results.map((result) => result.text())).toEqual(['second', 'second', 'second']);
    expect(server.requests.filter(({ method }) => method === 'initialize')).toHaveLength(2);
  });

  test('keeps losing its sessions: the call is sent twice and no more', async () => {
    await using server = await startRawHttpServer({
      initialize: ({ message, json }) =>
        json(
          {
            jsonrpc: '2.0',
            id: message.id,
            result: { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'raw', version: '0' } },
          },
          200,
          { 'mcp-session-id': 'gone' },
        ),
      'tools/call': ({ response }) => void response.writeHead(404).end(),
    });
    await using client = new McpClient(server.url, { protocolVersion: '2025-11-25' });
    await expect(client.callTool('any')).rejects.toMatchObject({ code: 'session-lost', delivered: 'no' });
    expect(server.requests.filter(({ method }) => method === 'tools/call')).toHaveLength(2);
  });

  test('writes half a line and more than one message at a time', async () => {
    const source = `
      require('node:readline').createInterface(process.stdin).on('line', async (line) => {
        const { id, method } = JSON.parse(line);
        const answer = (result) => JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n';
        const note = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'é' } }) + '\\n';
        const whole = Buffer.from(note + 'a banner\\n\\n' + answer(
          method === 'initialize'
            ? { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'é', version: '1' } }
            : { content: [{ type: 'text', text: 'naïve' }] }));
        if (id === undefined) return;
        for (const byte of whole) {
          process.stdout.write(Buffer.from([byte]));
          await new Promise((resolve) => setImmediate(resolve));
        }
      });`;
    const reports: string[] = [];
    await using client = new McpClient(script(source), {
      protocolVersion: '2025-11-25',
      onReport: ({ kind }) => reports.push(kind),
    });
    expect((await client.callTool('any')).text()).toBe('naïve');
    expect(client.server?.name).toBe('é');
    expect(reports).toContain('ignored-output');
  });
});
