import { connect } from '@toolwire/client-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../server.ts';
import { referenceGateway, type ReferenceGatewayOptions } from './reference-gateway.ts';

let upstream: TestServer;
let url: string;

beforeAll(async () => {
  upstream = createTestServer({
    tools: {
      count: {
        async handler({ to }, { mcpReq }) {
          const { progressToken } = mcpReq._meta ?? {};
          for (let progress = 1; progress <= Number(to); progress++)
            await mcpReq.notify({
              method: 'notifications/progress',
              params: { progressToken: progressToken ?? '', progress },
            });
          return { to };
        },
      },
    },
  });
  ({ url } = await upstream.listen());
});

afterAll(() => upstream.close());

/** A gateway that has the one server, and a way to ask it. */
async function start(options: ReferenceGatewayOptions = {}): Promise<
  AsyncDisposable & {
    gateway: Awaited<ReturnType<typeof referenceGateway>>;
    ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown; headers: Headers }>;
  }
> {
  const gateway = await referenceGateway({ token: 'secret', ...options });
  async function ask(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown; headers: Headers }> {
    const response = await fetch(gateway.url + path, {
      method,
      headers: { authorization: 'Bearer secret' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text), headers: response.headers };
  }
  await ask('POST', '/servers', { name: 'one', url });
  return { gateway, ask, [Symbol.asyncDispose]: () => gateway.close() };
}

test('relays MCP with its sessions and streams', async () => {
  await using started = await start();
  const target = `${started.gateway.url}/servers/one/mcp`;
  await using client = await connect(target, { bearer: 'secret', protocolVersion: '2025-11-25' });
  const steps: number[] = [];
  const result = await client.callTool('count', { to: 3 }, { onProgress: ({ progress }) => void steps.push(progress) });
  expect(result.structured).toEqual({ to: 3 });
  expect(steps).toEqual([1, 2, 3]);
});

test('wants its token, and for every path', async () => {
  await using started = await start();
  for (const path of ['/servers', '/health', '/servers/one/mcp', '/nowhere'])
    expect((await fetch(started.gateway.url + path)).status).toBe(401);
});

test.each([
  ['a name that is there', 409, { name: 'one', url: 'http://127.0.0.1:1/mcp' }],
  ['a server that does not answer', 502, { name: 'two', url: 'http://127.0.0.1:1/mcp' }],
  ['no URL', 422, { name: 'two', url: 'nowhere' }],
  [
    'an authentication without its secret',
    422,
    { name: 'two', url: 'http://127.0.0.1:1', authentication: { type: 'bearer' } },
  ],
  ['a body that is no object', 400, 'two'],
])('refuses to register %s', async (_what, status, body) => {
  await using started = await start();
  expect(await started.ask('POST', '/servers', body)).toMatchObject({ status });
  expect((await started.ask('GET', '/servers')).body).toMatchObject({ servers: [{ name: 'one' }], nextCursor: null });
});

test('gives its list in pages', async () => {
  await using started = await start({ pageSize: 2, connectOnRegister: false });
  for (const name of ['two', 'three']) await started.ask('POST', '/servers', { name, url });
  const first = await started.ask('GET', '/servers');
  expect(first.body).toMatchObject({ servers: [{ name: 'one' }, { name: 'two' }], nextCursor: '2' });
  expect((await started.ask('GET', '/servers?cursor=2')).body).toMatchObject({
    servers: [{ name: 'three' }],
    nextCursor: null,
  });
});

test('is pending for a while where that is wanted', async () => {
  await using started = await start({ readyAfterMs: 100 });
  const { status, headers, body } = await started.ask('POST', '/servers', { name: 'two', url });
  expect([status, headers.get('retry-after')]).toEqual([202, '0.05']);
  expect(body).toMatchObject({ status: 'pending' });
  await expect.poll(async () => (await started.ask('GET', '/servers/two')).body).toMatchObject({ status: 'active' });
});

test('never gives a credential back', async () => {
  await using started = await start();
  const authentication = { type: 'basic', username: 'user', password: 'CANARY' };
  const answers = [
    await started.ask('PATCH', '/servers/one', { authentication }),
    await started.ask('GET', '/servers/one'),
    await started.ask('GET', '/servers'),
  ];
  for (const { body } of answers) {
    expect(JSON.stringify(body)).toContain('basic');
    expect(JSON.stringify(body)).not.toContain('CANARY');
  }
});

test('lists and calls tools by plain REST, too', async () => {
  await using started = await start();
  expect((await started.ask('GET', '/servers/one/tools')).body).toMatchObject({ tools: [{ name: 'count' }] });
  const { body } = await started.ask('POST', '/servers/one/tools/call', { name: 'count', arguments: { to: 0 } });
  expect(body).toMatchObject({ structuredContent: { to: 0 } });
});

test('a disabled server is not reached', async () => {
  await using started = await start();
  await started.ask('PATCH', '/servers/one', { enabled: false });
  expect(await started.ask('POST', '/servers/one/mcp', {})).toMatchObject({ status: 409 });
});

test('tells of changes, also of those since an id', async () => {
  await using started = await start();
  await started.ask('DELETE', '/servers/one');
  const headers = { authorization: 'Bearer secret', 'last-event-id': '1' };
  const response = await fetch(`${started.gateway.url}/events`, { headers });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('\n\nid:') || !text.endsWith('\n\n')) text += (await reader?.read())?.value ?? '';
  expect(text).toContain('id: 2\nevent: server_removed\n');
  await reader?.cancel();
});

test('is away and back at the same port, with its servers', async () => {
  await using started = await start();
  await started.gateway.down();
  await expect(started.ask('GET', '/servers')).rejects.toThrow('fetch failed');
  await started.gateway.up();
  expect((await started.ask('GET', '/servers')).body).toMatchObject({ servers: [{ name: 'one' }] });
});

test('a server that dies answers 502 by way of the gateway', async () => {
  await using started = await start();
  await using mortal = createTestServer();
  const listening = await mortal.listen();
  await started.ask('POST', '/servers', { name: 'mortal', url: listening.url });
  await listening.close();
  expect(await started.ask('POST', '/servers/mortal/mcp', {})).toMatchObject({ status: 502 });
});
