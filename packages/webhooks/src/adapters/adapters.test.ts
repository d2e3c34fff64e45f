import { once } from 'node:events';
import { createServer, request as httpRequest, type RequestListener } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { serve } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bytesOf, secret, toolExecuted } from '../../test-support/signed.ts';
import { createReceiver, signWebhook, type Receiver, type WebhookErrorCode } from '../index.ts';
import { expressHandler } from './express.ts';
import { fastifyReceiver } from './fastify.ts';
import { honoHandler } from './hono.ts';
import { nodeHandler } from './node.ts';
import { nextRoute } from './next.ts';

const path = '/webhook/mcp';

/** Each framework with a receiver at `path`; returns the port. */
const frameworks: Record<string, (receiver: Receiver) => Promise<number>> = {
  'node:http': (receiver) => listen(nodeHandler(receiver)),
  express: (receiver) => listen(express().post(path, expressHandler(receiver)).use(express.json())),
  'express after express.raw()': (receiver) =>
    listen(
      express()
        .use(express.raw({ type: '*/*', limit: '10mb' }))
        .post(path, expressHandler(receiver)),
    ),
  async fastify(receiver) {
    const app = fastify();
    await app.register(fastifyReceiver(receiver, path));
    onTestFinished(() => app.close());
    return Number(new URL(await app.listen()).port);
  },
  async hono(receiver) {
    const app = new Hono().post(path, honoHandler(receiver));
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  },
};

const received = [200, '{"status":"received"}'];
const refused = [401, '{"error":"Invalid signature"}'];

describe.each(Object.entries(frameworks))('%s', (_name, start) => {
  it('receives what is signed, and refuses what is not', async () => {
    const { send, handled } = await open(start);
    expect(await send(await signedNow())).toEqual(received);
    expect(await send({ ...(await signedNow()), body: bytesOf({}) })).toEqual(refused);
    expect(await send({ headers: {}, body: new Uint8Array() })).toEqual(refused);
    expect(handled).toEqual([toolExecuted]);
  });

  it('receives the exact bytes, whatever they are', async () => {
    const { send, codes } = await open(start);
    for (const body of [
      Buffer.from('\uFEFF{}'),
      Buffer.from([0x22, 0xff, 0xfe, 0x00, 0x22]),
      Buffer.from(' { "a":1e2 }\r\n'),
    ]) {
      const [status] = await send(await signedNow(body));
      expect(status).toBe(body.includes('1e2') ? 200 : 400); // Signed all three, and the first two are no JSON.
    }
    expect(codes).toEqual(['invalid_payload', 'invalid_payload']);
  });

  it('receives a body in chunks', async () => {
    const { port, handled } = await open(start);
    const { headers, body } = await signedNow();
    const socket = connect(port, '127.0.0.1');
    socket.write(head({ ...headers, 'transfer-encoding': 'chunked', connection: 'close' }));
    for (const byte of body) socket.write(Buffer.concat([Buffer.from('1\r\n'), Buffer.of(byte), Buffer.from('\r\n')]));
    socket.write('0\r\n\r\n');
    expect(await answerOf(socket)).toEqual(received);
    expect(handled).toEqual([toolExecuted]);
  });

  it('refuses a header that is sent twice', async () => {
    const { port, codes } = await open(start);
    const { headers, body } = await signedNow();
    for (const name of ['webhook-id', 'webhook-signature', 'webhook-timestamp'] as const) {
      const socket = connect(port, '127.0.0.1');
      const lines = head({ ...headers, 'content-length': String(body.length), connection: 'close' });
      socket.write(lines.replace('\r\n\r\n', `\r\n${name}: ${headers[name]}\r\n\r\n`));
      socket.write(body);
      expect(await answerOf(socket)).toEqual(refused);
    }
    expect(codes).toEqual(['malformed_header', 'malformed_header', 'timestamp_malformed']);
  });

  it('refuses a compressed body: 415', async () => {
    const { send, codes } = await open(start);
    const { headers, body } = await signedNow();
    const answer = await send({ headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body) });
    expect(answer).toEqual([415, '{"error":"Unsupported media type"}']);
    expect(codes).toEqual(['unsupported_media_type']);
  });

  it('refuses another content type: 415', async () => {
    const { send } = await open(start);
    const { headers, body } = await signedNow();
    expect(await send({ headers: { ...headers, 'content-type': 'text/plain' }, body })).toMatchObject([415, {}]);
  });

  it.each(['with its length', 'in chunks'])('refuses a body that is too large, %s: 413', async (how) => {
    const { send, handled } = await open(start);
    const { headers, body } = await signedNow(Buffer.alloc(5_000_000, 32));
    const chunked = how === 'in chunks' ? { 'transfer-encoding': 'chunked' } : {};
    expect(await send({ headers: { ...headers, ...chunked }, body })).toEqual([413, '{"error":"Payload too large"}']);
    expect(handled).toEqual([]);
  });

  it('receives 1 MB where that much is allowed', async () => {
    const { send, handled } = await open(start, { maxBodyBytes: 1_100_000 });
    const event = { event: 'tool_executed', result: 'x'.repeat(1_000_000) };
    expect(await send(await signedNow(bytesOf(event)))).toEqual(received);
    expect(handled).toEqual([event]);
  });

  it('answers 503 when its handler fails', async () => {
    const onEvent = () => Promise.reject(new Error('no disk'));
    const { send } = await open(start, { onEvent });
    expect(await send(await signedNow())).toEqual([503, '{"error":"Temporarily unavailable"}']);
  });

  it('survives a sender that goes away in the middle', async () => {
    const { port, send } = await open(start);
    const { headers, body } = await signedNow();
    const socket = connect(port, '127.0.0.1');
    socket.write(head({ ...headers, 'content-length': String(body.length) }));
    socket.write(body.subarray(0, 10), () => socket.destroy());
    await once(socket, 'close');
    expect(await send(await signedNow())).toEqual(received);
  });
});

describe('a body parser that came first', () => {
  it('is named in the error, and nothing is accepted: express.json()', async () => {
    const errors: string[] = [];
    const receiver = createReceiver({ secrets: secret, on: {}, onError: ({ message }) => errors.push(message) });
    const port = await listen(express().use(express.json()).post(path, expressHandler(receiver)));
    expect(await sendTo(port, await signedNow())).toEqual([500, '{"error":"Receiver misconfigured"}']);
    expect(errors).toEqual([expect.stringMatching(/express\.json\(\).*mount the webhook handler before the parser/)]);
  });

  it('does not matter to the plugin of fastify, nor the plugin to the app', async () => {
    const app = fastify();
    const receiver = createReceiver({ secrets: secret, on: {} });
    await app.register(fastifyReceiver(receiver, path));
    app.post('/json', ({ body }) => body);
    onTestFinished(() => app.close());
    const port = Number(new URL(await app.listen()).port);
    const signedRequest = await signedNow();
    expect(await sendTo(port, signedRequest)).toEqual(received);
    const [status, text] = await sendTo(port, signedRequest, '/json');
    expect([status, JSON.parse(text)]).toEqual([200, toolExecuted]);
  });

  it('is named in the error where requests are Web requests', async () => {
    const errors: string[] = [];
    const receiver = createReceiver({ secrets: secret, on: {}, onError: ({ message }) => errors.push(message) });
    const { headers, body } = await signedNow();
    const request = webRequest(headers, body);
    await request.json();
    expect((await receiver(request)).status).toBe(500);
    expect(errors).toEqual([expect.stringContaining('before request.json()')]);
  });
});

// Next hands a Web Request to a route; test/interop delivers to a real Next server.
describe('the route of Next', () => {
  it('answers a Web request', async () => {
    const handled: unknown[] = [];
    const { POST } = nextRoute(createReceiver({ secrets: secret, on: { '*': (event) => handled.push(event) } }));
    const { headers, body } = await signedNow();
    const response = await POST(webRequest(headers, body));
    expect([response.status, response.headers.get('content-type'), await response.json()]).toEqual([
      200,
      'application/json',
      { status: 'received' },
    ]);
    expect(handled).toEqual([toolExecuted]);
  });

  it('stops reading a stream that never ends', async () => {
    const { POST } = nextRoute(createReceiver({ secrets: secret, on: {} }));
    const { headers } = await signedNow();
    let isCancelled = false;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
      cancel: () => void (isCancelled = true),
    });
    expect((await POST(webRequest(headers, endless))).status).toBe(413);
    expect(isCancelled).toBe(true);
  });

  it('refuses a stream that breaks off', async () => {
    const codes: WebhookErrorCode[] = [];
    const { POST } = nextRoute(createReceiver({ secrets: secret, on: {}, onError: ({ code }) => codes.push(code) }));
    const { headers } = await signedNow();
    const broken = new ReadableStream({ pull: () => Promise.reject(new Error('gone')) });
    expect((await POST(webRequest(headers, broken))).status).toBe(400);
    expect(codes).toEqual(['body_incomplete']);
  });
});

interface Opened {
  readonly port: number;
  /** The events that reached the handler. */
  readonly handled: unknown[];
  readonly codes: WebhookErrorCode[];
  send(sent: Sent): Promise<[number, string]>;
}

interface Sent {
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

async function open(
  start: (receiver: Receiver) => Promise<number>,
  { onEvent, maxBodyBytes }: { onEvent?: () => unknown; maxBodyBytes?: number } = {},
): Promise<Opened> {
  const handled: unknown[] = [];
  const codes: WebhookErrorCode[] = [];
  const handler = onEvent ?? ((event: unknown) => handled.push(event));
  const onError = ({ code }: { code: WebhookErrorCode }) => codes.push(code);
  const port = await start(createReceiver({ secrets: secret, maxBodyBytes, on: { '*': handler }, onError }));
  return { port, handled, codes, send: (sent) => sendTo(port, sent) };
}

let messages = 0;

async function signedNow(body: Uint8Array = bytesOf(toolExecuted)) {
  const headers = await signWebhook(body, { id: `msg_${messages++}`, secrets: secret });
  return { headers: { 'content-type': 'application/json', ...headers }, body };
}

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  onTestFinished(() => server.close().closeAllConnections());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function sendTo(port: number, { headers, body }: Sent, at = path): Promise<[number, string]> {
  const length = headers['transfer-encoding'] === undefined ? { 'content-length': String(body.length) } : {};
  const request = httpRequest({
    port,
    host: '127.0.0.1',
    path: at,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers, ...length },
  });
  request.end(body);
  const [response] = await once(request, 'response');
  request.on('error', () => {}); // The server may be gone before the whole body is sent.
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return [response.statusCode, text];
}

function head(headers: Record<string, string>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\nhost: localhost\r\n${lines.join('')}\r\n`;
}

/** Status and body of the one answer on a connection that ends with it. */
async function answerOf(socket: Socket): Promise<[number, string]> {
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) text += chunk;
  return [Number(text.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)), /\{.*\}/.exec(text)?.[0] ?? text];
}

function webRequest(headers: Record<string, string>, body: Uint8Array | ReadableStream): Request {
  const stream = { method: 'POST', headers, body: body as BodyInit, duplex: 'half' }; // The DOM types want another buffer.
  return new Request(`http://localhost${path}`, stream);
}
