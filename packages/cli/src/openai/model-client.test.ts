import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openModel } from './model-client.ts';
import type { ModelHttpError } from './model-http-error.ts';

async function serve(listener: RequestListener, path = '/v1'): Promise<URL> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // It listens on a port, not on a pipe.
  return new URL(`http://127.0.0.1:${port}${path}`);
}

/** Answers each request with the next of these. */
async function serveEach(
  ...answers: readonly ((response: ServerResponse) => void)[]
): Promise<{ url: URL; asked(): number }> {
  let count = 0;
  const url = await serve((_request, response) => answers[count++]?.(response));
  return { url, asked: () => count };
}

function ask(baseUrl: URL, stream = false, signal?: AbortSignal): Promise<unknown> {
  const client = openModel({ baseUrl, apiKey: 'secret' });
  const options = signal === undefined ? {} : { signal };
  return client.chat.completions.create({ stream } as never, options as never) as Promise<unknown>;
}

const fine = (response: ServerResponse): void => void response.end('{"fine":true}');
const status =
  (code: number, body = '', headers: Record<string, string> = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(code, headers).end(body);

test('a request goes to its path under the address, with the key', async () => {
  let seen: unknown;
  const url = await serve(async (request, response) => {
    seen = { url: request.url, key: request.headers.authorization, body: await json(request) };
    fine(response);
  }, '/openai/v1/?api-version=1');
  expect(await ask(url)).toEqual({ fine: true });
  expect(seen).toEqual({
    url: '/openai/v1/chat/completions?api-version=1',
    key: 'Bearer secret',
    body: { stream: false },
  });
});

describe('a model that is busy', () => {
  test.each([429, 500, 503])('is asked again after it says so (%i)', async (code) => {
    const { url, asked } = await serveEach(status(code, '', { 'retry-after-ms': '1' }), fine);
    expect(await ask(url)).toEqual({ fine: true });
    expect(asked()).toBe(2);
  });

  test('is given up after three times', async () => {
    const busy = status(429, '{"error":{"message":"too many"}}', { 'retry-after': '0' });
    const { url, asked } = await serveEach(busy, busy, busy, fine);
    await expect(ask(url)).rejects.toThrow(`${url.host} answered 429: too many`);
    expect(asked()).toBe(3);
  });

  test('is not waited for once the run is ended', async () => {
    const abort = new AbortController();
    const { url } = await serveEach((response) => {
      status(429, '', { 'retry-after': '50' })(response);
      setTimeout(() => abort.abort(), 20);
    });
    await expect(ask(url, false, abort.signal)).rejects.toThrow(/abort/);
  });
});

describe('an answer that is no success says why', () => {
  test.each<[body: string, message: string]>([
    ['{"error":{"message":"no such model"}}', 'no such model'],
    ['{"error":"no such model"}', 'no such model'],
    ['<html>Not\nFound</html>', '<html>Not'],
    ['', 'it gives no reason'],
  ])('%j', async (body, message) => {
    const { url } = await serveEach(status(404, body));
    const error: unknown = await ask(url).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 404, message: expect.stringContaining(message) as string });
    expect((error as ModelHttpError).message).not.toContain('secret');
  });
});

describe('a stream', () => {
  test('is read in whatever pieces it comes', async () => {
    const { url } = await serveEach((response) => {
      const bytes = Buffer.from(
        'event: x\ndata: {"text":"é"}\r\n\r\n: ping\n\ndata:{"n":2}\n\ndata: [DONE]\n\ndata: {"n":3}\n\n',
      );
      for (const byte of bytes) response.write(Buffer.of(byte));
      response.end();
    });
    expect(await Array.fromAsync((await ask(url, true)) as AsyncIterable<unknown>)).toEqual([{ text: 'é' }, { n: 2 }]);
  });

  test.each<[what: string, end: (response: ServerResponse) => void, message: string]>([
    [
      'fails',
      (response) => response.end('data: {"error":{"message":"out of order"}}\n\n'),
      'The model has failed: out of order',
    ],
    ['breaks off', (response) => response.destroy(), "The model's answer broke off"],
  ])('that %s is an error', async (_what, end, message) => {
    const { url } = await serveEach((response) => {
      response.write('data: {"n":1}\n\n');
      setTimeout(() => end(response), 20);
    });
    await expect(Array.fromAsync((await ask(url, true)) as AsyncIterable<unknown>)).rejects.toThrow(message);
  });
});
