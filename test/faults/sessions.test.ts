import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggingMessageNotificationParams } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { eventually } from '../e2e/eventually.ts';
import { startHttpServer } from '../servers/launch.ts';
import { startRawHttpServer, type Answer, type RawHttpServer } from '../servers/raw-http-server.ts';
import { legacyClient, rejectionOf, within } from './fault-server.ts';

/** How servers say that they do not know a session, or not any more. */
const deaths: { name: string; status: number; body: string }[] = [
  { name: 'the specification', status: 404, body: '' },
  { name: 'a plain 404', status: 404, body: 'Not Found' },
  rpcDeath('Python SDK 1.26', 404, 'server-error', -32_600, 'Session not found'),
  rpcDeath('TypeScript SDK', 404, null, -32_001, 'Session not found'),
  rpcDeath('TypeScript SDK, server restarted', 400, null, -32_000, 'Bad Request: Server not initialized'),
  rpcDeath('TypeScript SDK examples', 400, null, -32_000, 'Bad Request: No valid session ID provided'),
  { name: 'Python SDK up to 1.25', status: 400, body: 'Bad Request: No valid session ID provided' },
  { name: 'a web framework', status: 400, body: '{"error":"Invalid or missing session"}' },
  rpcDeath('a session that timed out', 400, null, -32_600, 'Session expired'),
  rpcDeath('a session that was ended', 400, null, -32_600, 'Session has been terminated'),
];

function rpcDeath(name: string, status: number, id: unknown, code: number, message: string): (typeof deaths)[number] {
  return { name, status, body: JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } }) };
}

/** A server whose present session is `current`; a request with another dies as `death` says. */
async function serverWithSessions(death: {
  status: number;
  body: string;
}): Promise<RawHttpServer & { restart(): void }> {
  let current = 1;
  const guarded =
    (answer: Answer): Answer =>
    (exchange) => {
      const { request, json } = exchange;
      if (request.headers['mcp-session-id'] === `session-${current}`) answer(exchange);
      else json(death.body, death.status);
    };
  const server = await startRawHttpServer({
    initialize: ({ message, json }) => {
      const serverInfo = { name: 'raw', version: '0' };
      const capabilities = { tools: {}, logging: {}, resources: { subscribe: true } };
      const result = { protocolVersion: '2025-11-25', capabilities, serverInfo };
      json({ jsonrpc: '2.0', id: message.id, result }, 200, { 'mcp-session-id': `session-${current}` });
    },
    'tools/call': guarded(({ result }) => result({ content: [{ type: 'text', text: `session-${current}` }] })),
    '*': guarded(({ message, response, result }) => {
      if (message.id === undefined) response.writeHead(message.method === undefined ? 405 : 202).end();
      else result({});
    }),
    GET: ({ response }) => void response.writeHead(405).end(),
  });
  return Object.assign(server, { restart: () => void (current += 1) });
}

function methodsOf(server: RawHttpServer, since: number): (string | undefined)[] {
  const posts = server.requests.slice(since).filter(({ http }) => http === 'POST');
  return posts.map(({ method }) => method);
}

describe.concurrent('a dead session', () => {
  test.each(deaths)(
    'row 16: as told by $name ($status): one initialize for all, then each call once more',
    async (death) => {
      await using server = await serverWithSessions(death);
      await using client = legacyClient(server.url);
      expect((await client.callTool('any')).text()).toBe('session-1');
      server.restart();
      const since = server.requests.length;
      const calls = Array.from({ length: 8 }, () => client.callTool('any'));
      const results = await within(200, Promise.all(calls));
      expect(results.map((result) => result.text())).toEqual(Array.from({ length: 8 }, () => 'session-2'));
      const methods = methodsOf(server, since);
      expect(methods.filter((method) => method === 'initialize')).toHaveLength(1);
      expect(methods.filter((method) => method === 'tools/call')).toHaveLength(16);
    },
  );

  test.each([
    { name: 'another 400', status: 400, body: 'Bad Request: no such tool' },
    { name: 'a 403', status: 403, body: 'Session not found' },
  ])('row 16: $name is none, and nothing is sent again', async (death) => {
    await using server = await serverWithSessions(death);
    await using client = legacyClient(server.url);
    await client.connect();
    server.restart();
    const since = server.requests.length;
    await expect(client.callTool('any')).rejects.toMatchObject({ retryable: false });
    expect(methodsOf(server, since)).toEqual(['tools/call']);
  });

  test('row 16: subscriptions and the log level are restored before a call is sent again', async () => {
    await using server = await serverWithSessions({ status: 404, body: '' });
    await using client = legacyClient(server.url);
    await client.setLogLevel('warning');
    for (const uri of ['config://settings', 'config://users']) await client.subscribe(uri);
    server.restart();
    const since = server.requests.length;
    expect((await client.callTool('any')).text()).toBe('session-2');
    const restored = server.requests.slice(since).filter(({ message }) => message.id !== undefined);
    expect(restored.map(({ method, message: { params } }) => [method, params?.['level'] ?? params?.['uri']])).toEqual([
      ['tools/call', undefined],
      ['initialize', undefined],
      ['logging/setLevel', 'warning'],
      ['resources/subscribe', 'config://settings'],
      ['resources/subscribe', 'config://users'],
      ['tools/call', undefined],
    ]);
  });

  test('row 16: found by a cancellation that nobody waits for is replaced by the next call', async () => {
    await using server = await startHttpServer('v1-server', ['--json']);
    await using client = legacyClient(server.url);
    const slow = client.callTool('slow', { label: 'a', steps: 1, stepMs: 30_000 }, { timeoutMs: 500 });
    const late = rejectionOf(slow);
    await eventually(async () => expect((await server.seen()).started).toEqual(['a']));
    await server.control('_forget');
    expect(await late).toMatchObject({ code: 'timeout' });
    await sleep(100); // The cancellation has been refused.
    expect((await client.callTool('echo', { text: 'again' })).text()).toBe('again');
  });

  test('row 16: changes and logs are heard again on the new session', async () => {
    const logs: LoggingMessageNotificationParams['level'][] = [];
    await using server = await startHttpServer('v1-server');
    await using client = legacyClient(server.url, { onLog: ({ level }) => logs.push(level) });
    await client.setLogLevel('warning');
    await using subscription = await client.subscribe('config://settings');
    await server.control('_forget');
    const next = subscription[Symbol.asyncIterator]().next();
    const changes: unknown[] = [];
    void next.then(({ value }) => changes.push(value));
    await eventually(async () => {
      await client.callTool('log'); // Time and again: the new stream may not be open yet.
      await client.callTool('touch', { uri: 'config://settings' });
      expect(logs).toContain('error');
      expect(changes).toEqual([{ type: 'resource', uri: 'config://settings' }]);
    });
    expect(new Set(logs)).toEqual(new Set(['warning', 'error']));
    expect((await server.seen()).sessions).toBe(1);
  });
});
