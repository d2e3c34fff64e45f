import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { startHttpServer, type Answer, type HttpServer } from '../../test-support/http-server.ts';
import type { JsonObject } from '../protocol/jsonrpc.ts';
import type { JSONRPCMessage, Transport } from '../transport.ts';
import { sseTransport, type SseTransportOptions } from './sse.ts';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each.close();
});

interface Connection {
  transport: Transport;
  server: HttpServer;
  /** The server's end of the stream. */
  stream: () => ServerResponse;
  received: unknown[];
  errors: (Error & { code?: string })[];
  closes: () => number;
}

const endpoint = (location: string): string => `event: endpoint\ndata: ${location}\n\n`;
const message = (data: unknown): string => `event: message\ndata: ${JSON.stringify(data)}\n\n`;
const invalid = { code: 'invalid-response', delivered: 'no' };
const request = (method: string, params: JsonObject = {}, id = 1): JSONRPCMessage => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
const result = (id: unknown, value: unknown = {}): JsonObject => ({ jsonrpc: '2.0', id, result: value });

/** A server that opens its stream with this text, and a transport to it that is not started. */
async function served(
  opening: string,
  answers: Record<string, Answer> = {},
  options: SseTransportOptions = {},
): Promise<Connection> {
  const streams: ServerResponse[] = [];
  const server = await startHttpServer({
    GET({ response }) {
      streams.push(events(response));
      response.write(opening);
    },
    ...answers,
  });
  const transport = sseTransport(server.url, options);
  opened.push(server, transport);
  const [received, errors]: [unknown[], Error[]] = [[], []];
  let closes = 0;
  transport.onmessage = (each) => received.push(each);
  transport.onerror = (error) => errors.push(error);
  transport.onclose = () => closes++;
  const streamOf = (): ServerResponse => {
    const [stream] = streams;
    if (stream === undefined) throw new Error('there is no stream');
    return stream;
  };
  return { transport, server, stream: streamOf, received, errors, closes: () => closes };
}

async function started(...args: Parameters<typeof served>): Promise<Connection> {
  const connection = await served(...args);
  await connection.transport.start();
  return connection;
}

describe('a message', () => {
  test('is posted where the server says, and answered on the stream', async () => {
    const { transport, server, stream, received } = await started(
      endpoint('/messages?sessionId=1'),
      {
        ping: ({ response }) => void response.writeHead(202).end('Accepted', () => stream().write(message(result(1)))),
      },
      { headers: { 'X-API-Key': 'k' } },
    );
    transport.setProtocolVersion?.('2025-06-18');
    await transport.send(request('ping'), { headers: { 'X-Extra': 'one' } });
    await expect.poll(() => received).toEqual([result(1)]);
    expect(server.requests.map(({ http, method }) => [http, method])).toEqual([
      ['GET', undefined],
      ['POST', 'ping'],
    ]);
    expect(server.requests[0]?.headers).toMatchObject({ accept: 'text/event-stream', 'x-api-key': 'k' });
    expect(server.requests[1]?.headers).toMatchObject({
      'content-type': 'application/json',
      'mcp-protocol-version': '2025-06-18',
      'x-api-key': 'k',
      'x-extra': 'one',
    });
  });

  test.each([
    ['a path', () => '/elsewhere?s=1', '/elsewhere?s=1'],
    ['a relative path', () => 'messages?s=1', '/messages?s=1'],
    ['a whole URL', (url: URL) => `${url.origin}/elsewhere`, '/elsewhere'],
  ])('goes to %s, with the user of the URL', async (_title, locationOn, path) => {
    let asked: string[] = [];
    const server = await startHttpServer({
      GET: ({ response }) =>
        void response
          .writeHead(200, { 'content-type': 'text/event-stream' })
          .write(endpoint(locationOn(new URL(server.url)))),
      ping({ request: { url = '', headers }, response }) {
        asked = [url, String(headers.authorization)];
        response.writeHead(202).end();
      },
    });
    const transport = sseTransport(server.url.replace('//', '//me:secret@'));
    opened.push(server, transport);
    await transport.start();
    await transport.send(request('ping'));
    expect(asked).toEqual([path, `Basic ${btoa('me:secret')}`]);
  });

  test.each([
    [429, 'rate-limited', 'no'],
    [404, 'session-lost', 'no'],
    [401, 'unauthorized', 'no'],
    [500, 'http-error', 'unknown'],
  ])('that is answered with %i rejects as %s', async (status, code, delivered) => {
    const { transport } = await started(endpoint('/messages'), {
      ping: ({ response }) => void response.writeHead(status).end('no'),
    });
    await expect(transport.send(request('ping'))).rejects.toMatchObject({ code, delivered });
  });

  test('that no server of this wire knows is not sent', async () => {
    const { transport, server } = await started(endpoint('/messages'));
    await expect(transport.send(request('server/discover'))).rejects.toMatchObject({ rpcCode: -32_601 });
    expect(server.requests).toHaveLength(1);
  });
});

describe('the stream', () => {
  test('may hold comments, split and unnamed events, and other events, which mean nothing', async () => {
    const { stream, received } = await started(`: hello\n\nretry: 5\n${endpoint('/messages')}`);
    stream().write(': keep-alive\n\nevent: heartbeat\ndata: x\n\n');
    stream().write('data: {"jsonrpc":"2.0",\ndata: "id":1,"result":{}}\n\n');
    const half = message(result(2, 'ä'));
    stream().write(Buffer.from(half).subarray(0, 60));
    stream().write(Buffer.from(half).subarray(60));
    stream().write(endpoint('/other'));
    await expect.poll(() => received).toEqual([result(1), result(2, 'ä')]);
  });

  test('may hold what is no JSON, which is told and disturbs nothing', async () => {
    const { stream, received, errors } = await started(endpoint('/messages'));
    stream().write(`event: message\ndata: {"jsonrpc":\n\n${message(result(1))}`);
    await expect.poll(() => received).toEqual([result(1)]);
    expect(errors).toMatchObject([{ code: 'invalid-response' }]);
  });

  test.each<[string, (stream: ServerResponse) => unknown]>([
    ['ends', (stream) => stream.end()],
    ['is cut', (stream) => stream.destroy()],
  ])('that %s is the end of the connection', async (_title, end) => {
    const { transport, stream, errors, closes } = await started(endpoint('/messages'));
    end(stream());
    await expect.poll(closes).toBe(1);
    expect(errors).toMatchObject([{ code: 'connection-closed', retryable: true }]);
    await expect(transport.send(request('ping'))).rejects.toMatchObject({ code: 'connection-closed', delivered: 'no' });
  });

  test('that holds an event over the limit is the end of the connection', async () => {
    const { stream, errors, closes } = await started(endpoint('/messages'), {}, { maxMessageBytes: 1000 });
    stream().write(message('x'.repeat(200_000)));
    await expect.poll(closes).toBe(1);
    expect(errors).toMatchObject([{ code: 'message-too-large' }]);
  });

  test('is freed by close(), which tells nobody twice', async () => {
    const { transport, stream, errors, closes } = await started(endpoint('/messages'));
    let isFreed = false;
    stream().on('close', () => (isFreed = true));
    await transport.close();
    await transport.close();
    await expect.poll(() => isFreed).toBe(true);
    expect([errors.length, closes()]).toEqual([0, 1]);
  });
});

describe('start() rejects', () => {
  test.each([
    'http://127.0.0.1:1/messages',
    'https://example.test/messages',
    '//example.test/messages',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://[',
  ])('when the endpoint is on another origin: %s', async (location) => {
    const { transport, server, closes } = await served(endpoint(location));
    await expect(transport.start()).rejects.toMatchObject({
      code: 'invalid-response',
      delivered: 'no',
      message: expect.stringContaining('not on its own origin') as string,
    });
    await expect(transport.send(request('ping'))).rejects.toMatchObject({ code: 'connection-closed' });
    expect(server.requests).toHaveLength(1);
    expect(closes()).toBe(0);
  });

  test('when no endpoint is named in time, and frees the stream', async () => {
    let isFreed = false;
    const GET: Answer = ({ response }) => {
      response.once('close', () => (isFreed = true));
      events(response).write(': wait\n\n');
    };
    const { transport } = await served('', { GET }, { endpointTimeoutMs: 50 });
    const failure = transport.start().catch((error: unknown) => error);
    expect(await failure).toMatchObject({ code: 'connect-timeout', delivered: 'no' });
    await expect.poll(() => isFreed).toBe(true);
  });

  test('when the stream ends before its endpoint', async () => {
    const { transport } = await served('', { GET: ({ response }) => void events(response).end(': bye\n\n') });
    await expect(transport.start()).rejects.toMatchObject({ code: 'connection-closed', retryable: true });
  });

  test.each<[string, Answer, object]>([
    ['401', ({ response }) => void response.writeHead(401).end(), { code: 'unauthorized', header: 'x-api-key' }],
    ['404', ({ response }) => void response.writeHead(404).end(), { code: 'http-error', status: 404 }],
    ['a page', ({ response }) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>'), invalid],
    ['JSON', ({ json }) => json({}), invalid],
  ])('when GET is answered with %s', async (_title, answer, failure) => {
    const { transport, errors, closes } = await served('', { GET: answer }, { headers: { 'X-API-Key': 'k' } });
    await expect(transport.start()).rejects.toMatchObject(failure);
    expect([errors.length, closes()]).toEqual([0, 0]);
  });
});

function events(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream' });
}
