import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startHttpServer, type Answer, type HttpServer } from '../../test-support/http-server.ts';
import type { JsonObject } from '../protocol/jsonrpc.ts';
import { envelope } from '../protocol/revision-2026-07-28.ts';
import type { JSONRPCMessage, Transport } from '../transport.ts';
import { httpTransport, type HttpTransportOptions } from './http.ts';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each.close();
});

interface Connection {
  transport: Transport;
  server: HttpServer;
  received: unknown[];
  errors: (Error & { requestId?: unknown })[];
}

async function connected(answers: Record<string, Answer>, options: HttpTransportOptions = {}): Promise<Connection> {
  const server = await startHttpServer(answers);
  const transport = httpTransport(server.url, options);
  opened.push(server, transport);
  const [received, errors]: [unknown[], Error[]] = [[], []];
  transport.onmessage = (message) => received.push(message);
  transport.onerror = (error) => errors.push(error);
  await transport.start();
  return { transport, server, received, errors };
}

const request = (method: string, params: JsonObject = {}, id = 1): JSONRPCMessage => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
const notification = (method: string): JSONRPCMessage => ({ jsonrpc: '2.0', method });
const result = (id: unknown, value: unknown = {}): JsonObject => ({ jsonrpc: '2.0', id, result: value });

/** Answers with an event stream of this text, and ends it unless told otherwise. */
const events =
  (text: string, then: (response: ServerResponse) => void = (response) => response.end()): Answer =>
  ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(text, () => then(response));
  };
const event = (data: unknown, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;

const withSession: Answer = ({ json, message }) => json(result(message['id']), 200, { 'mcp-session-id': 'session-1' });

describe('a message', () => {
  test('is a POST of its own, answered as JSON', async () => {
    const { transport, server, received } = await connected(
      { ping: ({ result: answer }) => answer({ ok: true }) },
      { headers: { 'X-API-Key': 'k' } },
    );
    transport.setProtocolVersion?.('2025-11-25');
    await transport.send(request('ping'), { headers: { 'X-Mine': 'yes' } });
    expect(received).toEqual([result(1, { ok: true })]);
    expect(server.requests).toEqual([
      expect.objectContaining({
        http: 'POST',
        method: 'ping',
        headers: expect.objectContaining({
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': '2025-11-25',
          'x-api-key': 'k',
          'x-mine': 'yes',
        }) as object,
      }),
    ]);
  });

  test('with an envelope says in its headers what it asks', async () => {
    const { transport, server } = await connected({ 'tools/call': ({ result: answer }) => answer({}) });
    transport.setProtocolVersion?.('2025-11-25');
    const identity = { clientInfo: { name: 'tester', version: '1' }, capabilities: {} };
    const params = { name: 'écho', _meta: envelope('2026-07-28', identity, undefined) };
    await transport.send(request('tools/call', params), { headers: { 'mcp-param-region': 'eu' } });
    expect(server.requests[0]?.headers).toMatchObject({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': '=?base64?w6ljaG8=?=',
      'mcp-param-region': 'eu',
    });
  });

  test.each([[202], [200], [204]])('that wants no answer takes HTTP %i for one', async (status) => {
    const { transport, received } = await connected({ '*': ({ json }) => json('{"ignored":1}', status) });
    await transport.send(notification('notifications/odd'));
    await transport.send(result('a') as unknown as JSONRPCMessage);
    expect(received).toEqual([]);
  });

  test.each([
    ['a foreign id', { jsonrpc: '2.0', id: 99, result: {} }],
    ['the id as a string', { jsonrpc: '2.0', id: '1', result: {} }],
    ['no id', { jsonrpc: '2.0', error: { code: -32603, message: 'broken' } }],
  ])('takes the only answer on its exchange for its own, also with %s', async (_title, answer) => {
    const { transport, received } = await connected({ ping: ({ json }) => json(answer) });
    await transport.send(request('ping'));
    expect(received).toEqual([{ ...answer, id: 1 }]);
  });

  test('may be answered by a batch, unless strict', async () => {
    const batch = [result(1), { jsonrpc: '2.0', method: 'notifications/message' }];
    const lenient = await connected({ ping: ({ json }) => json(batch) });
    await lenient.transport.send(request('ping'));
    expect(lenient.received).toEqual(batch);
    const strict = await connected({ ping: ({ json }) => json(batch) }, { strict: true });
    await expect(strict.transport.send(request('ping'))).rejects.toMatchObject({ code: 'invalid-response' });
  });

  test.each<[string, Answer, RegExp]>([
    [
      'HTML',
      ({ response }) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>\nHello</h1>'),
      /^http:\/\/127\.0\.0\.1:\d+\/mcp answered with text\/html, which is not MCP: <h1> Hello<\/h1>$/,
    ],
    ['nothing', ({ response }) => void response.writeHead(200).end(), /answered without a content type/],
    ['JSON that is cut', ({ json }) => json('{"jsonrpc":"2.0","id":1,"res'), /JSON that cannot be read: \{"jsonrpc"/],
    ['a batch of nothing', ({ json }) => json('[]'), /answered another request: \[\]/],
    ['a message that is no answer', ({ json }) => json('{}'), /answered another request: \{\}/],
  ])('answered by %s is an error that quotes it', async (_title, answer, message) => {
    const { transport } = await connected({ ping: answer });
    await expect(transport.send(request('ping'))).rejects.toMatchObject({
      code: 'invalid-response',
      message: expect.stringMatching(message) as string,
    });
  });

  test.each([
    ['as JSON', ({ result: answer }) => answer('x'.repeat(500_000))],
    ['as an event', events(event(result(1, 'x'.repeat(500_000))))],
  ] as [string, Answer][])('that is answered %s over the limit fails alone', async (_title, answer) => {
    const { transport, received, errors } = await connected(
      { big: answer, ping: ({ result: pong }) => pong({}) },
      { maxMessageBytes: 10_000 },
    );
    const failed = await transport.send(request('big')).catch((error: unknown) => error);
    if (failed === undefined) await vi.waitFor(() => expect(errors).toHaveLength(1));
    expect(failed ?? errors[0]).toMatchObject({ code: 'message-too-large' });
    await transport.send(request('ping', {}, 2));
    expect(received).toEqual([result(2)]);
  });
});

describe('a session', () => {
  test('is named with every request after initialize, and ended on close', async () => {
    const { transport, server } = await connected({
      initialize: withSession,
      ping: ({ result: answer }) => answer({}),
    });
    await transport.send(request('initialize'));
    expect(transport.sessionId).toBe('session-1');
    await transport.send(request('ping'));
    await transport.close();
    await transport.close();
    expect(server.requests.map(({ http, headers }) => [http, headers['mcp-session-id']])).toEqual([
      ['POST', undefined],
      ['POST', 'session-1'],
      ['DELETE', 'session-1'],
    ]);
  });

  test('that the server forgot is lost for all calls on it, and not ended once more', async () => {
    const { transport, server } = await connected({ initialize: withSession, ping: ({ json }) => json({}, 404) });
    await transport.send(request('initialize'));
    const calls = [1, 2, 3].map((id) => transport.send(request('ping', {}, id)));
    for (const call of await Promise.allSettled(calls))
      expect(call).toMatchObject({ status: 'rejected', reason: { code: 'session-lost', delivered: 'no' } });
    await transport.close();
    expect(server.requests.map(({ http }) => http)).not.toContain('DELETE');
  });

  test('ends quickly with a server that does not answer', async () => {
    const { transport } = await connected({ initialize: withSession, DELETE: () => {} });
    await transport.send(request('initialize'));
    await transport.close();
  });
});

describe('redirects', () => {
  const moved: Answer = ({ request: { url, headers }, response, result: answer }) => {
    if (url === '/mcp/') answer({ key: headers['x-api-key'] });
    else response.writeHead(307, { location: '/mcp/' }).end();
  };

  test('within the origin are followed once and for all, with method, body and headers', async () => {
    const { transport, server, received } = await connected({ ping: moved }, { headers: { 'x-api-key': 'k' } });
    await transport.send(request('ping'));
    await transport.send(request('ping', {}, 2));
    expect(received).toEqual([result(1, { key: 'k' }), result(2, { key: 'k' })]);
    expect(server.requests).toHaveLength(3);
  });

  test.each([[301], [302], [303], [307], [308]])('HTTP %i to another origin is not followed', async (status) => {
    const elsewhere = await startHttpServer({});
    opened.push(elsewhere);
    const { transport } = await connected({
      ping: ({ response }) => void response.writeHead(status, { location: elsewhere.url }).end(),
    });
    await expect(transport.send(request('ping'))).rejects.toMatchObject({
      status,
      message: expect.stringContaining(elsewhere.url) as string,
    });
    expect(elsewhere.requests).toEqual([]);
  });

  test('in a circle end', async () => {
    const { transport, server } = await connected({
      ping: ({ response }) => void response.writeHead(308, { location: '/mcp' }).end(),
    });
    await expect(transport.send(request('ping'))).rejects.toMatchObject({ status: 308 });
    expect(server.requests).toHaveLength(6);
  });
});

describe('an answer stream', () => {
  test('may carry other messages before the answer', async () => {
    const progress = { jsonrpc: '2.0', method: 'notifications/progress', params: {} };
    const { transport, received } = await connected({ ping: events(event(progress) + event(result(1))) });
    await transport.send(request('ping'));
    await vi.waitFor(() => expect(received).toEqual([progress, result(1)]));
  });

  test('passes over events of other names, and without data', async () => {
    const text = `event: ping\ndata: {}\n\n: comment\n\nid: 1\ndata:\n\nevent: message\n${event(result(1))}`;
    const { transport, received } = await connected({ ping: events(text) });
    await transport.send(request('ping'));
    await vi.waitFor(() => expect(received).toEqual([result(1)]));
  });

  test.each([
    ['ends', (response: ServerResponse) => response.end()],
    ['is cut', (response: ServerResponse) => response.destroy()],
  ])('that %s before the answer says so at once', async (_title, then) => {
    const { transport, errors } = await connected({ ping: events(': begin\n\n', then) });
    await new Promise<void>((resolve) => void transport.send(request('ping'), { onRequestStreamEnd: resolve }));
    expect(errors).toEqual([]);
  });

  test('that holds no JSON fails its own request', async () => {
    const { transport, errors } = await connected({ ping: events('data: oops\n\n') });
    await transport.send(request('ping', {}, 7));
    await vi.waitFor(() =>
      expect(errors).toEqual([expect.objectContaining({ code: 'invalid-response', requestId: 7 })]),
    );
  });

  test('that is cut after an event with an id is resumed from there, after the time the server names', async () => {
    const { transport, server, received } = await connected({
      initialize: withSession,
      ping: events(`retry: 150\n\n${event({ jsonrpc: '2.0', method: 'n' }, 'event-1')}`, (response) =>
        response.destroy(),
      ),
      GET: events(event(result(2), 'event-2')),
    });
    await transport.send(request('initialize'));
    const startedAt = Date.now();
    const tokens: string[] = [];
    await transport.send(request('ping', {}, 2), { onresumptiontoken: (token) => tokens.push(token) });
    await vi.waitFor(() => expect(received).toContainEqual(result(2)));
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(145);
    expect(tokens).toEqual(['event-1', 'event-2']);
    expect(server.requests.find(({ http }) => http === 'GET')?.headers).toMatchObject({
      accept: 'text/event-stream',
      'last-event-id': 'event-1',
      'mcp-session-id': 'session-1',
    });
  });

  test('that cannot be resumed says so', async () => {
    const { transport } = await connected({ ping: events(`retry: 0\n${event({}, 'event-1')}`) });
    await new Promise<void>((resolve) => void transport.send(request('ping'), { onRequestStreamEnd: resolve }));
  });

  test('is closed by an abort, and nothing is said of it', async () => {
    const seen = Promise.withResolvers<{ closed: Promise<unknown> }>();
    const { transport, errors } = await connected({
      ping: events(': begin\n\n', (response) => seen.resolve({ closed: once(response, 'close') })),
    });
    const controller = new AbortController();
    let ends = 0;
    await transport.send(request('ping'), { requestSignal: controller.signal, onRequestStreamEnd: () => ends++ });
    const { closed } = await seen.promise;
    controller.abort();
    await closed;
    expect([ends, errors]).toEqual([0, []]);
  });

  test.each([
    ['node:http', undefined],
    ['fetch', fetch],
  ])('that the server leaves open after the answer does not keep its socket, with %s', async (_name, fetchFunction) => {
    const seen = Promise.withResolvers<{ closed: Promise<unknown> }>();
    const { transport, received } = await connected(
      { ping: events(event(result(1)), (response) => seen.resolve({ closed: once(response, 'close') })) },
      { fetch: fetchFunction },
    );
    await transport.send(request('ping'));
    const { closed } = await seen.promise;
    await closed;
    expect(received).toEqual([result(1)]);
  });

  test('is neither read nor resumed once the transport is closed', async () => {
    const { transport, server, errors } = await connected({ ping: events(`retry: 100\n${event({}, '1')}`, () => {}) });
    let ends = 0;
    await transport.send(request('ping'), { onRequestStreamEnd: () => ends++ });
    await transport.close();
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(server.requests.map(({ http }) => http)).toEqual(['POST']);
    expect([ends, errors]).toEqual([0, []]);
  });
});

describe("the server's own stream", () => {
  test('is opened after the handshake, and brings what the server says by itself', async () => {
    const asked = { jsonrpc: '2.0', id: 'a', method: 'roots/list' };
    const { transport, received } = await connected({ GET: events(event(asked), () => {}) });
    await transport.send(notification('notifications/initialized'));
    await vi.waitFor(() => expect(received).toEqual([asked]));
  });

  test.each([[400], [404], [405], [406], [501]])('is not asked for again after HTTP %i', async (status) => {
    const { transport, server } = await connected({ GET: ({ response }) => void response.writeHead(status).end() });
    await transport.send(notification('notifications/initialized'));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(server.requests.filter(({ http }) => http === 'GET')).toHaveLength(1);
  });

  test('is opened again from the last event, without haste, whatever the server asks', async () => {
    const { transport, server } = await connected({
      GET: events(`retry: 0\n${event({ jsonrpc: '2.0', method: 'n' }, '1')}`),
    });
    await transport.send(notification('notifications/initialized'));
    await new Promise((resolve) => setTimeout(resolve, 450));
    const gets = server.requests.filter(({ http }) => http === 'GET');
    expect(gets.length).toBeGreaterThanOrEqual(2);
    expect(gets.length).toBeLessThanOrEqual(4);
    expect(gets[1]?.headers['last-event-id']).toBe('1');
  });

  test('carries the answer of a request that was only accepted', async () => {
    const stream = Promise.withResolvers<ServerResponse>();
    const { transport, received } = await connected({
      GET: events(': begin\n\n', (response) => stream.resolve(response)),
      ping: ({ response }) => void response.writeHead(202).end(),
    });
    await transport.send(notification('notifications/initialized'));
    const response = await stream.promise;
    await transport.send(request('ping'));
    expect(received).toEqual([]);
    response.write(event(result(1)));
    await vi.waitFor(() => expect(received).toEqual([result(1)]));
  });
});

test('closing calls onclose once, and frees every socket', async () => {
  const { transport, server } = await connected({
    GET: events(': begin\n\n', () => {}),
    ping: events(': begin\n\n', () => {}),
  });
  let closes = 0;
  transport.onclose = () => closes++;
  await transport.send(notification('notifications/initialized'));
  await transport.send(request('ping'));
  await Promise.all([transport.close(), transport.close()]);
  expect(closes).toBe(1);
  expect(server.requests.map(({ http }) => http)).not.toContain('DELETE');
});

test('the fetch of the caller is used where one is given', async () => {
  const seen: string[] = [];
  const fetchFunction: typeof fetch = (input, init) => {
    seen.push(init?.method ?? 'GET');
    return fetch(input, init);
  };
  const { transport, received } = await connected(
    { initialize: withSession, ping: events(event(result(2))) },
    { fetch: fetchFunction },
  );
  await transport.send(request('initialize'));
  await transport.send(request('ping', {}, 2));
  await vi.waitFor(() => expect(received).toEqual([result(1), result(2)]));
  await transport.close();
  expect(seen).toEqual(['POST', 'POST', 'DELETE']);
});

test.each([['ftp://127.0.0.1/'], ['file:///etc/passwd']])('%s is refused', async (url) => {
  expect(() => httpTransport(url)).toThrow(expect.objectContaining({ code: 'config-invalid', delivered: 'no' }));
});

test.each([
  [{ 'x-api-key': 'secret\n' }, 'x-api-key'],
  [{ 'x-api-key': 'se\r\ncret: 1' }, 'x-api-key'],
  [{ 'bad name': 'secret' }, 'bad name'],
])('a header that cannot be sent is named, and its value is not: %j', async (headers, name) => {
  const failure = await Promise.resolve()
    .then(() => httpTransport('http://127.0.0.1/', { headers }))
    .catch((error: unknown) => error as Error);
  expect(failure).toMatchObject({ code: 'config-invalid', delivered: 'no', retryable: false });
  expect(String(failure)).toContain(name);
  expect(String(failure)).not.toContain('cret');
});
