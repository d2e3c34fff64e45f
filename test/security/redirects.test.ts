import {
  connect,
  isMcpError,
  logIn,
  McpClient,
  memoryTokenStore,
  type ClientOptions,
  type HttpServerConfig,
} from '@toolwire/client-core';
import { subscribeEvents } from '@toolwire/client-core/events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startRawHttpServer, type Answer, type RawHttpServer } from '../servers/raw-http-server.ts';
import { makeCertificate } from './certificates.ts';
import { startTlsFront } from './tls-front.ts';

const secret = 'canary-7f3a';
const options: ClientOptions = { protocolVersion: '2025-11-25', apiKey: secret, timeoutMs: 3000, attempts: 1 };
const statuses = [301, 302, 303, 307, 308];

let stranger: RawHttpServer;

beforeEach(async () => {
  stranger = await startRawHttpServer({});
});
afterEach(() => stranger.close());

const redirect =
  (status: number, location: () => string): Answer =>
  ({ response }) =>
    void response.writeHead(status, { location: location() }).end();

/** Where a redirect must not lead; of the first, only the port is another. */
const elsewhere: Record<string, () => string> = {
  'another origin': () => stranger.url,
  'another origin without a scheme': () => stranger.url.replace('http:', ''),
  'another origin with backslashes': () => stranger.url.replace('http://', '\\\\'),
  'a file': () => 'file:///etc/passwd',
  'a script': () => 'javascript:alert(1)',
  data: () => 'data:application/json,{}',
  'a user of this origin': () => `http://user@${new URL(stranger.url).host}/`,
};

const wires: HttpServerConfig['transport'][] = ['http', 'sse', 'post', 'rest', 'auto'];

describe.each(Object.keys(elsewhere))('a redirect to %s', (where) => {
  test.each(statuses)('row 2: is not followed, by any wire (HTTP %d)', async (status) => {
    await using server = await startRawHttpServer({ '*': redirect(status, () => elsewhere[where]?.() ?? '') });
    for (const transport of wires) {
      await using client = new McpClient({ url: server.url, ...(transport && { transport }) }, options);
      const failure: unknown = await client.callTool('any').catch((error: unknown) => error);
      expect(isMcpError(failure)).toBe(true);
      expect(String(failure)).not.toContain(secret);
    }
    expect(stranger.requests).toEqual([]);
  });

  test('row 2: is not followed by a replaced fetch, a stream of events or a login', async () => {
    await using server = await startRawHttpServer({
      '*': redirect(307, () => elsewhere[where]?.() ?? ''),
      GET: redirect(302, () => elsewhere[where]?.() ?? ''),
    });
    const failure = { code: expect.stringMatching(/http-error|invalid-response/) };
    await expect(connect(server.url, { ...options, fetch: globalThis.fetch })).rejects.toMatchObject(failure);
    const reading = subscribeEvents(server.url, { headers: { 'x-api-key': secret } })[Symbol.asyncIterator]();
    await expect(reading.next()).rejects.toMatchObject(failure);
    await logIn(server.url, { store: memoryTokenStore() });
    expect(stranger.requests).toEqual([]);
  });
});

test('row 2: a redirect from https: to http: is not followed, on the same host and port too', async () => {
  const { cert, key } = makeCertificate('good', { addresses: ['127.0.0.1'] });
  let location = '';
  await using server = await startRawHttpServer({ '*': redirect(308, () => location) });
  await using front = await startTlsFront(server.url, { cert, key });
  for (location of [server.url, front.url.replace('https:', 'http:')]) {
    await using client = new McpClient(front.url, { ...options, tls: { ca: cert } });
    await expect(client.connect()).rejects.toMatchObject({ code: 'http-error', status: 308 });
  }
  expect(server.requests.every(({ message }) => 'method' in message)).toBe(true);
  expect(server.requests.length).toBe(2);
});

test('row 2: a redirect within the origin is followed, with header and body, and not for ever', async () => {
  const keys: unknown[] = [];
  await using server = await startRawHttpServer({
    initialize: ({ request, response, result }) => {
      if (request.url === '/mcp') response.writeHead(308, { location: '/there' }).end();
      else {
        keys.push(request.headers['x-api-key']);
        result({ protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'there', version: '1' } });
      }
    },
    'tools/call': redirect(308, () => '/again'),
  });
  await using client = await connect(server.url, options);
  expect([client.server?.name, keys]).toEqual(['there', [secret]]);
  await expect(client.callTool('any')).rejects.toMatchObject({ code: 'http-error', status: 308 });
  expect(server.requests.filter(({ method }) => method === 'tools/call').length).toBeLessThan(10);
});

test('row 2: a server of the older wire names its endpoint on its own origin only', async () => {
  await using server = await startRawHttpServer({
    GET: ({ response }) =>
      void response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .write(`event: endpoint\ndata: ${stranger.url}\n\n`),
  });
  await expect(connect({ url: server.url, transport: 'sse' }, options)).rejects.toMatchObject({
    code: 'invalid-response',
    message: expect.stringMatching(/not on its own origin/),
  });
  expect(stranger.requests).toEqual([]);
});
