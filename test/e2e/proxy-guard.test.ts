import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { McpClient } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startHttpServer, stdioServer } from '../servers/launch.ts';
import { listeningProxy } from './proxy-under-test.ts';

const { command, args = [] } = stdioServer('v1-server');
const server = ['--', command, ...args];
const http = ['--listen', 'http://127.0.0.1:0'];

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Sends what `fetch` would not: any Host, any Origin. */
async function send(url: string, method: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  const sent = httpRequest(url, { method, headers, agent: false });
  sent.on('error', () => {}); // An answer may come before all is sent.
  sent.end(method === 'GET' ? undefined : body);
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

const handshake = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
});
const plain = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

describe('a listener over HTTP', () => {
  test.each([
    ['a caller without a token', {}, 401],
    ['a caller with a wrong token', { authorization: 'Bearer wrong' }, 401],
    ['a caller with a part of the token', { authorization: 'Bearer 0123456789' }, 401],
    ['a name that leads here', { authorization: 'Bearer 0123456789abcdef', host: 'evil.example' }, 403],
    ['a name that looks like ours', { authorization: 'Bearer 0123456789abcdef', host: 'localhost.evil.example' }, 403],
    ['a web page', { authorization: 'Bearer 0123456789abcdef', origin: 'https://evil.example' }, 403],
    ['a page without an origin', { authorization: 'Bearer 0123456789abcdef', origin: 'null' }, 403],
    [
      'a page of this machine that was not named',
      { authorization: 'Bearer 0123456789abcdef', origin: 'http://localhost:1' },
      403,
    ],
    ['a form', { authorization: 'Bearer 0123456789abcdef', 'content-type': 'text/plain' }, 415],
  ])('refuses %s, at /mcp and at /sse', async (_who, headers, status) => {
    await using proxy = await listeningProxy([...http, '--token', '0123456789abcdef', ...server]);
    expect(await send(`${proxy.origin}/mcp`, 'POST', { ...plain, ...headers }, handshake)).toMatchObject({ status });
    if (status !== 415) expect(await send(`${proxy.origin}/sse`, 'GET', headers)).toMatchObject({ status });
    expect(proxy.stderr()).not.toContain('0123456789');
  });

  test.each([{ authorization: 'Bearer 0123456789abcdef' }, { 'x-api-key': '0123456789abcdef' }])(
    'lets in %j',
    async (headers) => {
      await using proxy = await listeningProxy([...http, '--token', '${TOKEN}', ...server], {
        TOKEN: '0123456789abcdef',
      });
      const answer = await send(`${proxy.origin}/mcp`, 'POST', { ...plain, ...headers }, handshake);
      expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('v1-server') });
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    },
  );

  test('asks for no token when told so', async () => {
    await using proxy = await listeningProxy([...http, '--no-token', ...server]);
    expect(await send(`${proxy.origin}/mcp`, 'POST', plain, handshake)).toMatchObject({ status: 200 });
  });

  test('lets a page that was named use it, and no other read it', async () => {
    const origin = 'https://app.example';
    await using proxy = await listeningProxy([...http, '--allow-origin', origin, ...server]);
    const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };
    const preflight = await send(`${proxy.origin}/mcp`, 'OPTIONS', { origin, ...asked });
    expect(preflight).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-origin': origin, 'access-control-allow-headers': 'authorization' },
    });
    const answer = await send(`${proxy.origin}/mcp`, 'POST', { ...plain, ...proxy.headers, origin }, handshake);
    expect(answer).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': origin } });
    const evil = await send(`${proxy.origin}/mcp`, 'OPTIONS', { origin: 'https://evil.example', ...asked });
    expect(evil.status).toBe(403);
    expect(evil.headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('says that it lives, to nobody from elsewhere', async () => {
    await using proxy = await listeningProxy([...http, ...server]);
    expect(await send(`${proxy.origin}/healthz`, 'GET', {})).toMatchObject({ status: 200, body: '{"status":"ok"}' });
    expect(await send(`${proxy.origin}/healthz`, 'GET', { host: 'evil.example' })).toMatchObject({ status: 403 });
  });

  test.each([
    ['GET', '/messages?sessionId=guess', 405],
    ['POST', '/messages?sessionId=guess', 404],
    ['POST', '/sse', 405],
    ['GET', '/nowhere', 404],
  ])('%s %s is answered with %s', async (method, path, status) => {
    await using proxy = await listeningProxy([...http, ...server]);
    expect(await send(`${proxy.origin}${path}`, method, { ...plain, ...proxy.headers }, '{}')).toMatchObject({
      status,
    });
  });

  test('reads no more of a message than it may hold', async () => {
    await using proxy = await listeningProxy([...http, ...server]);
    const huge = `{"x":"${'x'.repeat(17 * 1024 * 1024)}"}`;
    const answer = await send(`${proxy.origin}/mcp`, 'POST', { ...plain, ...proxy.headers }, huge);
    expect(answer.status).toBe(413);
  });
});

describe('a listener for WebSockets', () => {
  const statusOf = async (url: string, headers: Record<string, string>): Promise<unknown> => {
    const socket = new WebSocket(url, { headers });
    const outcome = await Promise.race([
      once(socket, 'open').then(() => 101),
      once(socket, 'unexpected-response').then(([, response]) => response.statusCode),
    ]);
    socket.terminate();
    return outcome;
  };

  test.each([
    ['no token', '/ws', {}, 401],
    ['a foreign Host', '/ws', { authorization: 'Bearer 0123456789abcdef', host: 'evil.example' }, 403],
    ['a foreign Origin', '/ws', { authorization: 'Bearer 0123456789abcdef', origin: 'https://evil.example' }, 403],
    ['another path', '/mcp', { authorization: 'Bearer 0123456789abcdef' }, 404],
    ['the token', '/ws', { authorization: 'Bearer 0123456789abcdef' }, 101],
  ])('answers a handshake with %s', async (_what, path, headers, status) => {
    await using proxy = await listeningProxy([
      '--listen',
      'ws://127.0.0.1:0',
      '--token',
      '0123456789abcdef',
      ...server,
    ]);
    expect(await statusOf(`${proxy.origin}${path}`, headers)).toBe(status);
  });
});

describe('credentials', () => {
  test('of a caller stay with the proxy, and those of the server go to the server only', async () => {
    await using upstream = await startHttpServer('v1-server');
    await using proxy = await listeningProxy([...http, upstream.url, '--header', 'X-Client-Key: upstream-secret']);
    await using client = new McpClient(`${proxy.origin}/mcp`, { headers: { ...proxy.headers, cookie: 'mine=1' } });
    const { headers } = (await client.callTool('request')).json() as { headers: Record<string, string> };
    expect(headers).toMatchObject({ 'x-client-key': 'upstream-secret' });
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('cookie');
  });

  test("that are another caller's do not open a session", async () => {
    const tokens = ['--token', 'first-token', '--token', 'second-token'];
    await using proxy = await listeningProxy([...http, ...tokens, ...server]);
    const first = { ...plain, authorization: 'Bearer first-token' };
    const opened = await send(`${proxy.origin}/mcp`, 'POST', first, handshake);
    const session = { 'mcp-session-id': String(opened.headers['mcp-session-id']) };
    const ping = '{"jsonrpc":"2.0","id":2,"method":"ping"}';
    expect(await send(`${proxy.origin}/mcp`, 'POST', { ...first, ...session }, ping)).toMatchObject({ status: 200 });
    const second = { ...plain, authorization: 'Bearer second-token' };
    expect(await send(`${proxy.origin}/mcp`, 'POST', { ...second, ...session }, ping)).toMatchObject({ status: 404 });
  });

  test.each(['2025-11-25', '2026-07-28'] as const)('decide whose session it is (%s)', async (protocolVersion) => {
    await using upstream = await startHttpServer('v1-server');
    const tokens = ['first-token', 'second-token'];
    await using proxy = await listeningProxy([...http, ...tokens.flatMap((token) => ['--token', token]), upstream.url]);
    const clients = tokens.map((token) => {
      return new McpClient(`${proxy.origin}/mcp`, { headers: { authorization: `Bearer ${token}` }, protocolVersion });
    });
    await Promise.all(clients.map((client) => client.callTool('echo', { text: 'hi' })));
    expect((await upstream.seen()).sessions).toBe(2);
    await Promise.all(clients.map((client) => client.close()));
  });
});
