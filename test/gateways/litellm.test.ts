import { connectGateway, type Gateway } from '@toolwire/gateway-client';
import { createTestServer, type TestServer } from '@toolwire/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLitellm } from '../servers/litellm.ts';
import type { GatewayStandIn } from '../servers/serve-fetch.ts';

const key = 'sk-CANARY-1f2e';
let upstream: TestServer;
let server: GatewayStandIn;
let gateway: Gateway;

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

beforeEach(async () => {
  upstream = createTestServer({ tools: { greet: { handler: ({ name }) => `Hello, ${String(name)}` } } });
  server = await startLitellm(upstream, key);
  gateway = await connectGateway(server.url, { auth: { type: 'bearer', token: key } });
});

afterEach(async () => {
  await gateway.close();
  await server.close();
  await upstream.close();
});

test('is known by its answers to GET', () => {
  expect(gateway.dialect).toBe('litellm');
  expect(gateway.capabilities).toEqual({
    register: true,
    update: true,
    remove: true,
    toggle: false,
    call: true,
    events: false,
  });
  expect(server.received.every(({ method }) => method === 'GET')).toBe(true);
});

test('a server is registered in its words, called by the tool’s own name, changed and removed', async () => {
  const registered = await gateway.servers.register({ name: 'greeter', url: 'http://127.0.0.1:9/mcp' });
  expect(registered).toMatchObject({ name: 'greeter', transport: 'streamable-http', authentication: 'none' });
  expect((await gateway.callTool({ server: 'greeter', tool: 'greet' }, { name: 'Ada' })).text()).toBe('Hello, Ada');
  expect((await gateway.listTools()).map(({ name }) => name)).toEqual(['greeter/greet']);
  expect(await gateway.servers.update('greeter', { description: 'new' })).toMatchObject({ description: 'new' });
  expect(await gateway.serverHealth('greeter')).toMatchObject({ status: 'healthy' });
  await gateway.servers.remove('greeter');
  expect(await gateway.servers.list()).toEqual([]);
});

test.each([
  [
    { type: 'bearer', token: 'secret' },
    { auth_type: 'bearer_token', credentials: { auth_value: 'secret' } },
  ],
  [
    { type: 'basic', username: 'u', password: 'secret' },
    { auth_type: 'basic', credentials: { auth_value: 'dTpzZWNyZXQ=' } },
  ],
  [
    { type: 'api_key', value: 'secret' },
    { auth_type: 'api_key', credentials: { auth_value: 'secret' } },
  ],
  [
    { type: 'api_key', value: 'secret', header: 'X-Own' },
    { auth_type: 'none', static_headers: { 'X-Own': 'secret' } },
  ],
  [
    { type: 'headers', headers: { 'X-Own': 'secret' } },
    { auth_type: 'none', static_headers: { 'X-Own': 'secret' } },
  ],
] as const)('the authentication %o is sent in its words', async (authentication, words) => {
  const shown = await gateway.servers.register({ name: 'greeter', url: 'http://127.0.0.1:9/mcp', authentication });
  expect(server.received.at(-1)).toMatchObject({ method: 'POST', path: '/v1/mcp/server', body: words });
  expect(JSON.stringify(shown)).not.toContain('secret');
});

test('what it says to a name that it refuses is told', async () => {
  const failure = await failureOf(gateway.servers.register({ name: 'no-hyphens', url: 'http://127.0.0.1:9/mcp' }));
  expect(failure).toMatchObject({ status: 400, message: expect.stringContaining('cannot contain "-"') as string });
});

test('what it cannot do is refused before anything is sent', async () => {
  const sent = server.received.length;
  expect(await failureOf(gateway.servers.setEnabled('greeter', false))).toMatchObject({
    code: 'unsupported-capability',
  });
  expect(server.received).toHaveLength(sent);
});
