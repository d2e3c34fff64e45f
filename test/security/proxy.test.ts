import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { connect } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startCli } from '../../packages/cli/test-fixtures/run-cli.ts';
import { eventually } from '../e2e/eventually.ts';
import { listeningProxy } from '../e2e/proxy-under-test.ts';
import { startRawHttpServer, type Answer } from '../servers/raw-http-server.ts';

const http = ['--listen', 'http://127.0.0.1:0'];
const ours = 'canary-caller-7f3a9c';
const theirs = 'canary-upstream-7f3a9c';

/** A server that keeps the headers of each request, and answers a call with its arguments. */
async function startUpstream() {
  const seen: IncomingHttpHeaders[] = [];
  const keep =
    (answer: Answer): Answer =>
    (exchange) => {
      seen.push(exchange.request.headers);
      answer(exchange);
    };
  const server = await startRawHttpServer({
    initialize: keep(({ result, message }) =>
      result({
        protocolVersion: message.params?.['protocolVersion'],
        capabilities: { tools: {} },
        serverInfo: { name: 'up', version: '1' },
      }),
    ),
    'tools/list': keep(({ result }) => result({ tools: [{ name: 'echo', inputSchema: { type: 'object' } }] })),
    'tools/call': keep(({ result, message }) =>
      setTimeout(
        () => result({ content: [{ type: 'text', text: JSON.stringify(message.params?.['arguments']) }] }),
        Math.random() * 3,
      ),
    ),
  });
  return Object.assign(server, { seen });
}

describe('row 13', () => {
  test('row 13: what a caller shows to the proxy is not shown to the server', async () => {
    await using upstream = await startUpstream();
    await using proxy = await listeningProxy([
      ...http,
      '--token',
      ours,
      upstream.url,
      '--header',
      `X-API-Key: ${theirs}`,
    ]);
    const headers = {
      Authorization: `Bearer ${ours}`,
      'X-Forwarded-For': '1.2.3.4',
      Cookie: `a=${ours}`,
      'X-Api-Key': ours,
      'X-Other': ours,
    };
    for (const transport of ['http', 'sse'] as const) {
      const path = transport === 'http' ? '/mcp' : '/sse';
      await using client = await connect(
        { url: proxy.origin + path, transport },
        { headers, protocolVersion: '2025-11-25' },
      );
      expect((await client.callTool('echo', { a: 1 }, { headers: { 'X-Per-Call': ours } })).text()).toBe('{"a":1}');
    }
    expect(upstream.seen.length).toBeGreaterThan(3);
    for (const each of upstream.seen) {
      expect(JSON.stringify(each)).not.toContain(ours);
      expect(each['x-api-key']).toBe(theirs);
      expect(Object.keys(each)).not.toContain('authorization');
    }
  });
});

interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
}

/** Sends what `fetch` would not: any Host, any Origin. */
async function send(url: string, headers: Record<string, string>, method = 'POST'): Promise<Answered> {
  const sent = httpRequest(url, { method, headers, agent: false });
  sent.on('error', () => {}); // An answer may come before all is sent.
  sent.end(method === 'POST' ? '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}' : undefined);
  const [response] = await once(sent, 'response');
  await text(response);
  return { status: response.statusCode, headers: response.headers };
}

describe('row 14', () => {
  const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

  test.each<[string, Record<string, string>, number]>([
    ['nobody in particular', {}, 401],
    ['a wrong token', { authorization: 'Bearer guessed' }, 401],
    ['a name that leads here', { host: 'evil.example' }, 403],
    ['a name that leads here, with our port', { host: 'evil.example:80' }, 403],
    ['a name that ends like ours', { host: 'localhost.evil.example' }, 403],
    ['a web page', { origin: 'https://evil.example' }, 403],
    ['a sandboxed page', { origin: 'null' }, 403],
    ['a page of another port of this machine', { origin: 'http://localhost:3000' }, 403],
    ['a form', { 'content-type': 'text/plain' }, 415],
    ['a form of files', { 'content-type': 'multipart/form-data' }, 415],
  ])('row 14: the proxy refuses %s', async (_who, headers, status) => {
    await using upstream = await startUpstream();
    await using proxy = await listeningProxy([...http, '--token', ours, upstream.url]);
    const token = status === 401 ? {} : { authorization: `Bearer ${ours}` };
    const answer = await send(`${proxy.origin}/mcp`, { ...json, ...token, ...headers });
    expect(answer.status).toBe(status);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect(upstream.seen).toEqual([]);
  });

  test('row 14: a token of at least 128 bits is made up, another each time, and nothing listens beyond this machine', async () => {
    await using upstream = await startUpstream();
    await using one = await listeningProxy([...http, upstream.url]);
    await using two = await listeningProxy([...http, upstream.url]);
    const tokens = [one, two].map(({ headers }) => headers['authorization']?.replace('Bearer ', '') ?? '');
    expect(new Set(tokens).size).toBe(2);
    for (const token of tokens) expect(Buffer.from(token, 'base64url').length).toBeGreaterThanOrEqual(16);
    expect(await send(`${one.origin}/mcp`, { ...json, ...two.headers })).toMatchObject({ status: 401 });
    for (const { address } of Object.values(networkInterfaces())
      .flat()
      .filter((each) => each?.family === 'IPv4' && !each.internal) as { address: string }[]) {
      const socket = connectTcp({ host: address, port: Number(new URL(one.origin).port), timeout: 1000 });
      await expect(once(socket, 'connect')).rejects.toThrow();
      socket.destroy();
    }
  });

  test('row 14: the same holds for a listener over WebSocket', async () => {
    await using upstream = await startUpstream();
    await using proxy = await listeningProxy(['--listen', 'ws://127.0.0.1:0', '--token', ours, upstream.url]);
    const authorization = `Bearer ${ours}`;
    for (const headers of [
      {},
      { authorization, origin: 'https://evil.example' },
      { authorization, host: 'evil.example' },
    ]) {
      const socket = new WebSocket(`${proxy.origin}/ws`, 'mcp', { headers });
      const [error] = (await once(socket, 'error')) as [Error];
      expect(error.message).toMatch(/40[13]/);
    }
  });

  test('row 14: a listener for webhooks is on this machine alone, and takes only what is signed', async () => {
    let stderr = '';
    const output = { write: (chunk: string | Uint8Array, done: () => void) => ((stderr += String(chunk)), done()) };
    const env = { SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
    const listening = startCli(['webhook', 'listen', '--secret-env', 'SECRET'], { env, stderr: output });
    const url = await eventually(() => {
      const [found] = /http:\/\/127\.0\.0\.1:\d+\//.exec(stderr) ?? [];
      if (found === undefined) throw new Error('It does not listen yet');
      return found;
    });
    const answer = await send(url, { 'content-type': 'application/json', origin: 'https://evil.example' });
    expect(answer.status).toBe(401);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    await listening.interrupt();
  });
});

test('row 15: each caller gets a session of its own, whose id nobody can guess', async () => {
  await using upstream = await startUpstream();
  await using proxy = await listeningProxy([...http, upstream.url]);
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'same', version: '1' } },
  });
  const ids = new Set<string>();
  const accept = 'application/json, text/event-stream';
  for (let count = 0; count < 20; count += 1) {
    const headers = { ...proxy.headers, 'content-type': 'application/json', accept };
    const answer = await fetch(`${proxy.origin}/mcp`, { method: 'POST', headers, body });
    await answer.text();
    ids.add(answer.headers.get('mcp-session-id') ?? '');
  }
  expect(ids.size).toBe(20);
  for (const id of ids) expect(id.replaceAll('-', '')).toMatch(/^[\w]{32,}$/);
  expect(upstream.requests.filter(({ method }) => method === 'initialize')).toHaveLength(20);
  const stolen = { ...proxy.headers, 'mcp-session-id': '0'.repeat(36), 'content-type': 'application/json', accept };
  const guessed = await fetch(`${proxy.origin}/mcp`, {
    method: 'POST',
    headers: stolen,
    body: '{"jsonrpc":"2.0","id":2,"method":"tools/list"}',
  });
  expect(guessed.status).toBe(404);
});

test('row 15: two callers with the same ids get their own answers, 10,000 times', async () => {
  await using upstream = await startUpstream();
  await using proxy = await listeningProxy([...http, upstream.url]);
  const calls = 5000;
  const wrong: string[] = [];
  const callers = await Promise.all(
    ['one', 'two'].map((name) =>
      connect(`${proxy.origin}/mcp`, {
        headers: proxy.headers,
        protocolVersion: '2025-11-25',
        clientInfo: { name, version: '1' },
      }),
    ),
  );
  await Promise.all(
    callers.map(async (client, caller) => {
      let next = 0;
      const work = async (): Promise<void> => {
        while (next < calls) {
          const mine = { caller, call: next++ };
          const answer = (await client.callTool('echo', mine)).text();
          if (answer !== JSON.stringify(mine)) wrong.push(`${JSON.stringify(mine)} got ${answer}`);
        }
      };
      await Promise.all(Array.from({ length: 16 }, work));
    }),
  );
  for (const client of callers) await client.close();
  expect(wrong).toEqual([]);
}, 120_000);
