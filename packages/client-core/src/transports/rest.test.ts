import { afterEach, describe, expect, test } from 'vitest';
import { startHttpServer, type Answer, type HttpServer } from '../../test-support/http-server.ts';
import type { JsonObject } from '../protocol/jsonrpc.ts';
import type { JSONRPCMessage, Transport } from '../transport.ts';
import type { HttpEndpointOptions } from './http-endpoint.ts';
import { restTransport } from './rest.ts';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each.close();
});

interface Connection {
  transport: Transport;
  server: HttpServer;
  received: unknown[];
}

/** A server that answers every request so. */
async function connected(answer: Answer, options: HttpEndpointOptions = {}, suffix = ''): Promise<Connection> {
  const server = await startHttpServer({ '*': answer, GET: answer });
  const transport = restTransport(server.url + suffix, options);
  opened.push(server, transport);
  const received: unknown[] = [];
  transport.onmessage = (message) => received.push(message);
  await transport.start();
  return { transport, server, received };
}

const request = (method: string, params: JsonObject = {}): JSONRPCMessage => ({
  jsonrpc: '2.0',
  id: 1,
  method,
  params,
});
const list = request('tools/list');
const call = request('tools/call', { name: 'add', arguments: { a: 1 }, _meta: { progressToken: 1 } });

/** The result of a request, when the server answers it with this. */
async function resultOf(message: JSONRPCMessage, body: unknown, type = 'application/json'): Promise<unknown> {
  const { transport, received } = await connected(
    ({ response }) =>
      void response
        .writeHead(200, { 'content-type': type })
        .end(typeof body === 'string' ? body : JSON.stringify(body)),
  );
  await transport.send(message);
  expect(received).toMatchObject([{ jsonrpc: '2.0', id: 1 }]);
  return (received[0] as JsonObject)['result'];
}

test.each(['', '/', '?key=k'])('asks below the URL, with its query and headers: %j', async (suffix) => {
  const seen: [string | undefined, string | undefined, string, unknown][] = [];
  const { transport } = await connected(
    ({ request: { method, url, headers }, message, json }) => {
      seen.push([method, url, String(headers['x-api-key']), message]);
      json([]);
    },
    { headers: { 'X-API-Key': 'k' } },
    suffix,
  );
  await transport.send(list);
  await transport.send(call);
  const query = suffix.startsWith('?') ? suffix : '';
  expect(seen).toEqual([
    ['GET', `/mcp/tools${query}`, 'k', {}],
    ['POST', `/mcp/tools/call${query}`, 'k', { name: 'add', arguments: { a: 1 } }],
  ]);
});

test('answers the handshake itself, and sends no notification', async () => {
  const { transport, server, received } = await connected(({ json }) => json({}));
  await expect(transport.send(request('server/discover'))).rejects.toMatchObject({ rpcCode: -32_601 });
  await transport.send(request('initialize', { protocolVersion: '2025-11-25' }));
  await transport.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  expect(received).toEqual([
    {
      jsonrpc: '2.0',
      id: 1,
      result: {
        protocolVersion: '2025-11-25',
        capabilities: {},
        serverInfo: { name: server.url, version: 'unknown' },
      },
    },
  ]);
  expect(server.requests).toEqual([]);
});

describe('a list of tools', () => {
  const tool = { name: 'add', inputSchema: { type: 'object' } };

  test.each([
    ['a list', [tool]],
    ['an object', { tools: [tool], total: 1 }],
    ['JSON-RPC', { jsonrpc: '2.0', id: 'x', result: { tools: [tool] } }],
    ['input_schema', [{ name: 'add', input_schema: { type: 'object' } }]],
    ['parameters', [{ name: 'add', parameters: { type: 'object' } }]],
  ])('comes as %s', async (_title, body) => {
    expect(await resultOf(list, body)).toEqual({ tools: [tool] });
  });

  test.each([{ items: [] }, 'null', '"tools"'])('is not in %j', async (body) => {
    await expect(resultOf(list, body)).rejects.toMatchObject({ code: 'invalid-response' });
  });
});

describe('a result', () => {
  test.each([
    [
      { content: [{ type: 'text', text: 'x' }], isError: true },
      { content: [{ type: 'text', text: 'x' }], isError: true },
    ],
    [{ sum: 1 }, { content: [{ type: 'text', text: '{"sum":1}' }], structuredContent: { sum: 1 } }],
    [[1, 2], { content: [{ type: 'text', text: '[1,2]' }] }],
    ['"words"', { content: [{ type: 'text', text: 'words' }] }],
    ['null', { content: [{ type: 'text', text: 'null' }] }],
    ['', { content: [] }],
    [
      { jsonrpc: '2.0', id: 1, result: { sum: 1 } },
      { content: [{ type: 'text', text: '{"sum":1}' }], structuredContent: { sum: 1 } },
    ],
  ])('is made of %j', async (body, result) => {
    expect(await resultOf(call, body)).toEqual(result);
  });

  test('may be plain text', async () => {
    expect(await resultOf(call, 'done', 'text/plain; charset=utf-8')).toEqual({
      content: [{ type: 'text', text: 'done' }],
    });
  });
});

describe('a call rejects', () => {
  test.each<[string, Answer, object]>([
    [
      'with a page',
      ({ response }) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>'),
      { code: 'invalid-response' },
    ],
    ['with half of its JSON', ({ json }) => json('{"content":['), { code: 'invalid-response', retryable: true }],
    [
      'with an error of JSON-RPC',
      ({ json }) => json({ jsonrpc: '2.0', id: 1, error: { code: -32_602, message: 'no a' } }),
      { rpcCode: -32_602 },
    ],
    ['with 401', ({ json }) => json({}, 401), { code: 'unauthorized', header: 'authorization' }],
    ['with 429', ({ json }) => json({}, 429, { 'retry-after': '2' }), { code: 'rate-limited', retryAfterMs: 2000 }],
    ['with 500', ({ json }) => json({}, 500), { code: 'http-error', status: 500, delivered: 'unknown' }],
    [
      'with a redirect to another origin',
      ({ response }) => void response.writeHead(307, { location: 'http://example.test/' }).end(),
      { code: 'http-error', status: 307 },
    ],
    ['with more than the limit', ({ json }) => json({ text: 'x'.repeat(2000) }), { code: 'message-too-large' }],
    ['by a cut', ({ response }) => void response.destroy(), { code: 'delivery-unknown' }],
  ])('when it is answered %s', async (_title, answer, failure) => {
    const options = { headers: { Authorization: 'Bearer t' }, maxMessageBytes: 1000 };
    const { transport } = await connected(answer, options);
    await expect(transport.send(call)).rejects.toMatchObject(failure);
  });

  test('when it is aborted, and frees its socket', async () => {
    let isFreed = false;
    const { transport, server } = await connected(({ response }) => void response.on('close', () => (isFreed = true)));
    const controller = new AbortController();
    const failure = transport.send(call, { requestSignal: controller.signal }).catch((error: unknown) => error);
    await expect.poll(() => server.requests).toHaveLength(1);
    controller.abort(new Error('enough'));
    expect(await failure).toBeInstanceOf(Error);
    await expect.poll(() => isFreed).toBe(true);
  });

  test('when it is anything but the two, and is not sent', async () => {
    const { transport, server } = await connected(({ json }) => json({}));
    for (const method of ['ping', 'resources/read', 'prompts/list'])
      await expect(transport.send(request(method))).rejects.toMatchObject({
        code: 'unsupported-capability',
        delivered: 'no',
        message: expect.stringContaining(method) as string,
      });
    expect(server.requests).toEqual([]);
  });
});
