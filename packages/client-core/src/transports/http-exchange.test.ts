import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { responseFrom } from '../../test-support/http-response.ts';
import { MessageTooLargeError } from '../errors.ts';
import { discard, isEventStream, readStart, readText, type HttpExchange, type HttpRequest } from './http-exchange.ts';
import { fetchExchange } from './http-fetch.ts';
import { nodeExchange } from './http-node.ts';

const servers: Server[] = [];
const exchanges: HttpExchange[] = [];

afterEach(() => {
  vi.useRealTimers();
  for (const exchange of exchanges.splice(0)) exchange.close();
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function listen(answer: RequestListener): Promise<{ url: URL; server: Server }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`), server };
}

const post = (url: URL, signal?: AbortSignal): HttpRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json', 'x-mine': 'yes' },
  body: '{"ä":1}',
  isCall: true,
  signal,
});

const tooLarge = (): Error => new MessageTooLargeError('too large');

describe.each([
  ['node:http', (): HttpExchange => nodeExchange(2)],
  ['fetch', (): HttpExchange => fetchExchange(fetch)],
])('%s', (name, open) => {
  function exchange(): HttpExchange {
    const opened = open();
    exchanges.push(opened);
    return opened;
  }

  test('sends method, headers and body, and reads status, headers and body', async () => {
    const { url } = await listen(async (request, response) => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
      response.writeHead(201, { 'x-yours': ['a', 'b'], 'content-type': 'text/plain' });
      response.end(`${request.method} ${String(request.headers['x-mine'])} ${body}`);
    });
    const response = await exchange().send(post(url));
    expect(response.status).toBe(201);
    expect(response.header('x-yours')).toBe('a, b');
    expect(response.header('x-other')).toBeUndefined();
    expect(await readText(response, 1000, tooLarge)).toBe('POST yes {"ä":1}');
  });

  test('redirects are handed back, not followed', async () => {
    const { url } = await listen((_request, response) => response.writeHead(307, { location: '/other' }).end());
    const response = await exchange().send(post(url));
    expect([response.status, response.header('location')]).toEqual([307, '/other']);
  });

  test('a body that was compressed is understood', async () => {
    const { url } = await listen((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}')),
    );
    expect(await readText(await exchange().send(post(url)), 1000, tooLarge)).toBe('{"a":1}');
  });

  test('a compressed body that grows over the limit is given up, and its socket freed', async () => {
    const { url, server } = await listen((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).write(gzipSync('x'.repeat(5_000_000)));
    });
    const closed = once(server, 'connection').then(([socket]) => once(socket as NodeJS.EventEmitter, 'close'));
    const response = await exchange().send(post(url));
    await expect(readText(response, 1_000_000, tooLarge)).rejects.toThrow('too large');
    await closed;
  });

  test('a server that nothing listens for is an error, and nothing was sent', async () => {
    const { url, server } = await listen(() => {});
    server.close();
    await once(server, 'close');
    await expect(exchange().send(post(url))).rejects.toMatchObject({
      code: 'connection-failed',
      retryable: true,
      delivered: name === 'fetch' ? 'unknown' : 'no',
      message: expect.stringContaining(`Cannot reach ${url.origin}: `) as string,
    });
  });

  test('a connection that breaks before the answer leaves the delivery unknown', async () => {
    const { url } = await listen((request) => {
      request.resume().on('end', () => request.socket.destroy());
    });
    await expect(exchange().send(post(url))).rejects.toMatchObject({ retryable: true, delivered: 'unknown' });
  });

  test('an answer that is cut is an error, with its delivery unknown', async () => {
    const { url } = await listen((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
    });
    const response = await exchange().send(post(url));
    await expect(readText(response, 1000, tooLarge)).rejects.toMatchObject({
      code: 'delivery-unknown',
      retryable: true,
    });
  });

  describe('an abort', () => {
    test('before the request sends nothing', async () => {
      let requests = 0;
      const { url } = await listen((_request, response) => {
        requests++;
        response.end();
      });
      await expect(exchange().send(post(url, AbortSignal.abort(new Error('enough'))))).rejects.toThrow('enough');
      expect(requests).toBe(0);
    });

    test.each([
      ['while the answer is awaited', false],
      ['while the body is read', true],
    ])('%s frees the socket', async (_when, hasBegun) => {
      const controller = new AbortController();
      const seen = Promise.withResolvers<{ freed: Promise<unknown> }>();
      const { url } = await listen((request, response) => {
        seen.resolve({ freed: once(request.socket, 'close') });
        if (hasBegun) response.writeHead(200).write('begin');
      });
      const sent = exchange().send(post(url, controller.signal));
      const read = hasBegun ? sent.then((response) => readText(response, 1000, tooLarge)) : sent;
      const rejected = expect(read).rejects.toThrow();
      const { freed } = await seen.promise;
      if (hasBegun) await sent;
      controller.abort(new Error('enough'));
      await rejected;
      await freed;
    });
  });

  test('cancel gives up the body, and frees the socket', async () => {
    const seen = Promise.withResolvers<{ freed: Promise<unknown> }>();
    const { url } = await listen((request, response) => {
      seen.resolve({ freed: once(request.socket, 'close') });
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': begin\n\n');
    });
    const response = await exchange().send(post(url));
    expect(isEventStream(response)).toBe(true);
    await discard(response);
    const { freed } = await seen.promise;
    await freed;
  });

  test('a body that only explains is waited for 5 seconds, and its socket freed', async () => {
    const { url, server } = await listen((_request, response) => void response.writeHead(500).write('it all sta'));
    const closed = once(server, 'connection').then(([socket]) => once(socket as NodeJS.EventEmitter, 'close'));
    const response = await exchange().send(post(url));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const reading = readStart(response, 1000);
    await new Promise((resolve) => setImmediate(resolve)); // Real: the start of the body is here.
    await vi.advanceTimersByTimeAsync(5000);
    expect(await reading).toBe('it all sta');
    await closed;
  });

  test('a discarded answer leaves its socket for the next request', async () => {
    let sockets = 0;
    const { url, server } = await listen((_request, response) => response.writeHead(202).end('accepted'));
    server.on('connection', () => sockets++);
    const kept = exchange();
    for (let request = 0; request < 5; request++) await discard(await kept.send(post(url)));
    expect(sockets).toBeLessThan(5);
  });

  test('the start of a body is enough where no more is wanted', async () => {
    const { url } = await listen((_request, response) => {
      response.writeHead(500);
      const fill = (): void => {
        while (response.writable && response.write('x'.repeat(1000)));
      };
      response.on('drain', fill).on('error', () => {});
      fill();
    });
    expect(await readStart(await exchange().send(post(url)), 2500)).toBe('x'.repeat(2500));
  });
});

const hasIpv6 = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === '::1'));

test.runIf(hasIpv6)('node:http sends the user and password of a URL, and reaches IPv6', async () => {
  const server = createServer((request, response) => response.end(request.headers.authorization)).listen(0, '::1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const exchange = nodeExchange(2);
  exchanges.push(exchange);
  const response = await exchange.send(post(new URL(`http://me:p%40ss@[::1]:${port}/`)));
  expect(await readText(response, 1000, tooLarge)).toBe(`Basic ${btoa('me:p@ss')}`);
});

test('node:http opens no more sockets than it may', async () => {
  let [open, most] = [0, 0];
  const { url, server } = await listen((_request, response) => setTimeout(() => response.end('done'), 5));
  server.on('connection', (socket) => {
    most = Math.max(most, ++open);
    socket.on('close', () => open--);
  });
  const exchange = nodeExchange(2);
  exchanges.push(exchange);
  const calls = Array.from({ length: 20 }, async () => readText(await exchange.send(post(url)), 1000, tooLarge));
  expect(new Set(await Promise.all(calls))).toEqual(new Set(['done']));
  expect(most).toBe(2);
});

test.each([
  [
    'a redirect, which it does not show',
    async () => ({ type: 'opaqueredirect', status: 0 }) as Response, // Node's `fetch` has none.
    { code: 'config-invalid', delivered: 'no', message: expect.stringContaining('/mcp redirects, ') as string },
  ],
  [
    'a server that it may not reach',
    () => Promise.reject(new TypeError('Failed to fetch')),
    { code: 'connection-failed', delivered: 'unknown', message: expect.stringContaining('by CORS?') as string },
  ],
])("a browser's word is said better for %s", async (_what, fetchInBrowser, failure) => {
  const sent = fetchExchange(fetchInBrowser).send(post(new URL('http://127.0.0.1/mcp')));
  await expect(sent).rejects.toMatchObject(failure);
});

test('only a successful answer is an event stream', () => {
  const answer = (status: number, type: string | undefined): boolean =>
    isEventStream(responseFrom([], { status, headers: type === undefined ? {} : { 'content-type': type } }));
  expect(answer(200, 'text/event-stream')).toBe(true);
  expect(answer(200, 'Text/Event-Stream; charset=utf-8')).toBe(true);
  expect(answer(404, 'text/event-stream')).toBe(false);
  expect(answer(200, 'application/json')).toBe(false);
  expect(answer(200, undefined)).toBe(false);
});
