import { inspect } from 'node:util';
import { ArgumentsInvalidError, AuthError, HttpError, isMcpError } from '@toolwire/client-core';
import { createTestServer, type ListeningServer, type TestServer } from '@toolwire/testing';
import { referenceGateway, type ReferenceGatewayOptions } from '@toolwire/testing/gateway';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectGateway, type GatewayOptions } from './connect-gateway.ts';
import { GatewayClient } from './gateway-client.ts';
import type { Gateway } from './gateway.ts';

const token = 'the-token-of-the-gateway';
let upstream: TestServer;
let listening: ListeningServer;

beforeEach(async () => {
  upstream = createTestServer({
    name: 'upstream',
    tools: {
      process_data: { handler: ({ input }) => ({ processed: input }) },
    },
    prompts: { greet: { handler: () => 'Hello' } },
    resources: { 'config://settings': { theme: 'dark' } },
  });
  listening = await upstream.listen();
});

afterEach(() => upstream.close());

async function start(
  gatewayOptions: ReferenceGatewayOptions = {},
  options: GatewayOptions = {},
): Promise<{ server: Awaited<ReturnType<typeof referenceGateway>>; gateway: Gateway } & AsyncDisposable> {
  const server = await referenceGateway({ token, ...gatewayOptions });
  const gateway = await connectGateway(server.url, { auth: { type: 'bearer', token }, random: () => 0, ...options });
  const close = async (): Promise<void> => {
    await gateway.close();
    await server.close();
  };
  return { server, gateway, [Symbol.asyncDispose]: close };
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('the words of the integration guide', () => {
  test('a server registered by them is listed and called', async () => {
    await using started = await start();
    await started.gateway.servers.register({
      name: 'my-server',
      url: listening.url,
      transport: 'http',
      authentication: { type: 'bearer', token: 'server-token' },
    });
    await using client = new GatewayClient({ url: started.server.url, token });
    const servers = await client.list_servers();
    const call = { server: 'my-server', tool: 'process_data', params: { input: 'test' } };
    expect(servers.map(({ name }) => name)).toEqual(['my-server']);
    expect((await client.call_tool(call)).json()).toEqual({ processed: 'test' });
    expect((await client.call_tool('my-server', 'process_data', { input: 'test' })).json()).toEqual({
      processed: 'test',
    });
  });

  test('a gateway that was down at first is tried again by the next call', async () => {
    await using started = await start();
    await started.server.down();
    await using client = new GatewayClient({ url: started.server.url, token });
    expect(await failureOf(client.list_servers())).toMatchObject({ code: 'connection-failed' });
    await started.server.up();
    expect(await client.list_servers()).toEqual([]);
  });
});

describe('registration', () => {
  test('gives the server as the gateway keeps it', async () => {
    await using started = await start();
    const server = await started.gateway.servers.register({ name: 'one', url: listening.url, tags: ['a'] });
    expect(server).toMatchObject({
      name: 'one',
      state: 'active',
      enabled: true,
      tags: ['a'],
      transport: 'streamable-http',
    });
    expect(await started.gateway.servers.get('one')).toEqual(server);
    expect(await started.gateway.servers.get(server.id)).toEqual(server);
  });

  test('waits until a gateway that accepts first has made it ready', async () => {
    await using started = await start({ readyAfterMs: 120 });
    const server = await started.gateway.servers.register({ name: 'one', url: listening.url });
    expect(server.state).toBe('active');
  });

  test('says so when it does not become ready in time', async () => {
    await using started = await start({ readyAfterMs: 60_000 });
    const spec = { name: 'one', url: listening.url };
    expect(await failureOf(started.gateway.servers.register(spec, { waitMs: 150 }))).toMatchObject({ code: 'timeout' });
    expect(await started.gateway.servers.get('one')).toMatchObject({ state: 'pending' });
  });

  test('of a name that is there is refused, answered with it, or changes it', async () => {
    await using started = await start();
    const { servers } = started.gateway;
    const spec = { name: 'one', url: listening.url };
    const first = await servers.register(spec);
    expect(await failureOf(servers.register(spec))).toMatchObject({ code: 'http-error', status: 409 });
    expect(await servers.register(spec, { ifExists: 'return' })).toEqual(first);
    const changed = await servers.register({ ...spec, description: 'new' }, { ifExists: 'update' });
    expect(changed).toEqual({ ...first, description: 'new' });
  });

  test('whose answer is lost is looked for, not sent again', async () => {
    await using server = await referenceGateway({ token });
    let isLost = false;
    const loseAnswer: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (init?.method !== 'POST') return response;
      isLost = true;
      throw new TypeError('fetch failed');
    };
    const losing = await connectGateway(server.url, {
      auth: { type: 'bearer', token },
      dialect: 'rest',
      fetch: loseAnswer,
    });
    expect(await losing.servers.register({ name: 'one', url: listening.url })).toMatchObject({ name: 'one' });
    expect(isLost).toBe(true);
    expect(server.requests.filter((request) => request === 'POST /servers')).toHaveLength(1);
  });

  test.each([
    ['a name that the gateway refuses', { name: 'not valid!' }, 422, 'name: Not a valid name'],
    ['a server that does not answer', { url: 'http://127.0.0.1:1/mcp' }, 502, 'one does not answer'],
  ])('tells what the gateway says to %s', async (_what, wrong, status, said) => {
    await using started = await start();
    const failure = await failureOf(started.gateway.servers.register({ name: 'one', url: listening.url, ...wrong }));
    expect(failure).toBeInstanceOf(HttpError);
    expect(failure).toMatchObject({ status, message: expect.stringContaining(said) as string });
  });

  test.each([{ name: ' ' }, { url: 'nowhere' }])('sends nothing for %o', async (wrong) => {
    await using started = await start();
    const sent = started.server.requests.length;
    const failure = await failureOf(started.gateway.servers.register({ name: 'one', url: listening.url, ...wrong }));
    expect(failure).toBeInstanceOf(ArgumentsInvalidError);
    expect(started.server.requests).toHaveLength(sent);
  });
});

describe('the servers', () => {
  test('are listed past the first page', async () => {
    await using started = await start({ pageSize: 4, connectOnRegister: false });
    for (let count = 1; count <= 10; count++)
      await started.gateway.servers.register({ name: `server-${count}`, url: `http://127.0.0.1:1/${count}` });
    expect(await started.gateway.servers.list()).toHaveLength(10);
  });

  test('that are disabled are neither listed with their tools nor called', async () => {
    await using started = await start();
    const { gateway } = started;
    await gateway.servers.register({ name: 'one', url: listening.url });
    await gateway.callTool('one/process_data', { input: 1 });
    expect(await gateway.servers.setEnabled('one', false)).toMatchObject({ enabled: false, state: 'disabled' });
    expect(await gateway.listTools()).toEqual([]);
    expect(await failureOf(gateway.callTool({ server: 'one', tool: 'process_data' }))).toMatchObject({
      message: expect.stringContaining('disabled') as string,
    });
    await gateway.servers.setEnabled('one', true);
    expect((await gateway.callTool({ server: 'one', tool: 'process_data' }, { input: 2 })).json()).toEqual({
      processed: 2,
    });
    expect(upstream.toolCalls('process_data')).toHaveLength(2);
  });

  test('that are removed are gone; to remove one that is not there is an error unless that is wanted', async () => {
    await using started = await start();
    const { servers } = started.gateway;
    await servers.register({ name: 'one', url: listening.url });
    await servers.remove('one');
    expect(await servers.list()).toEqual([]);
    expect(await failureOf(servers.remove('one'))).toMatchObject({ code: 'arguments-invalid' });
    await servers.remove('one', { ignoreMissing: true });
  });

  test('that are registered anew under the same name are called, not the old ones', async () => {
    await using started = await start();
    await using other = createTestServer({ tools: { process_data: { handler: () => 'other' } } });
    const { gateway } = started;
    await gateway.servers.register({ name: 'one', url: listening.url });
    await gateway.callTool('one/process_data');
    await gateway.servers.remove('one');
    await gateway.servers.register({ name: 'one', url: (await other.listen()).url });
    await gateway.listTools();
    expect((await gateway.callTool('one/process_data')).text()).toBe('other');
  });
});

describe('tools', () => {
  test('of a server that is down are missing, and the others are there', async () => {
    await using started = await start({ connectOnRegister: false }, { client: { attempts: 1 } });
    const { gateway } = started;
    await gateway.servers.register({ name: 'one', url: listening.url });
    await gateway.servers.register({ name: 'dead', url: 'http://127.0.0.1:1/mcp' });
    expect((await gateway.listTools()).map(({ server }) => server)).toEqual(['one']);
    expect(gateway.failures).toMatchObject([{ server: 'dead' }]);
    expect(await failureOf(gateway.callTool({ server: 'dead', tool: 'any' }))).toMatchObject({
      code: 'http-error',
      status: 502,
    });
  });

  test('of a server that nobody registered are refused with a name that says so', async () => {
    await using started = await start();
    expect(await failureOf(started.gateway.callTool({ server: 'none', tool: 'any' }))).toMatchObject({
      code: 'arguments-invalid',
      message: 'This gateway has no server "none"',
    });
  });
});

test('open gives a client with all of MCP, and the gateway closes it', async () => {
  await using started = await start();
  await started.gateway.servers.register({ name: 'one', url: listening.url });
  const client = await started.gateway.open('one');
  expect(await client.getResource('config://settings')).toEqual({ theme: 'dark' });
  expect((await client.listPrompts()).map(({ name }) => name)).toEqual(['greet']);
  await started.gateway.close();
  expect(await failureOf(client.ping())).toMatchObject({ code: 'connection-closed' });
});

test('the gateway shows the server its own credential, and not that of the caller', async () => {
  await using started = await start();
  const seen: (string | null)[] = [];
  await using watched = createTestServer({
    tools: {
      who: { handler: (_args, { http }) => void seen.push(http?.req?.headers.get('authorization') ?? null) },
    },
  });
  const authentication = { type: 'bearer', token: 'server-token' } as const;
  await started.gateway.servers.register({ name: 'one', url: (await watched.listen()).url, authentication });
  await started.gateway.callTool('one/who');
  expect(seen).toEqual(['Bearer server-token']);
});

describe('health', () => {
  test('tells the well from the ill, the disabled and the absent', async () => {
    await using started = await start({ connectOnRegister: false });
    const { gateway, server } = started;
    await gateway.servers.register({ name: 'one', url: listening.url });
    await gateway.servers.register({ name: 'dead', url: 'http://127.0.0.1:1/mcp' });
    expect(await gateway.health()).toMatchObject({ status: 'healthy', source: 'gateway' });
    expect(await gateway.serverHealth('one')).toMatchObject({ status: 'healthy' });
    expect(await gateway.serverHealth('dead')).toMatchObject({ status: 'unhealthy' });
    await gateway.servers.setEnabled('dead', false);
    expect(await gateway.serverHealth('dead')).toMatchObject({ status: 'disabled' });
    await server.down();
    expect(await gateway.health()).toMatchObject({ status: 'unreachable' });
  });
});

test('a gateway that restarts is used as before', async () => {
  await using started = await start();
  const { gateway, server } = started;
  await gateway.servers.register({ name: 'one', url: listening.url });
  await gateway.callTool('one/process_data', { input: 1 });
  await server.down();
  const call = gateway.callTool('one/process_data', { input: 2 }, { idempotent: true });
  await server.up();
  expect((await call).json()).toEqual({ processed: 2 });
  expect(await gateway.servers.list()).toHaveLength(1);
});

test('events come as the gateway tells them, until the loop ends', async () => {
  await using started = await start();
  const { gateway } = started;
  const events = gateway.events();
  const first = events.next();
  await expect.poll(() => started.server.requests).toContain('GET /events');
  await gateway.servers.register({ name: 'one', url: listening.url });
  const { value } = await first;
  expect(value).toMatchObject({ type: 'server_registered' });
  await events.return();
});

describe('secrets', () => {
  const canary = 'CANARY-7c1f';

  test('are in no error, even when the gateway repeats them', async () => {
    const repeat: typeof fetch = async (input, init) =>
      init?.method === 'POST'
        ? Response.json({ detail: [{ loc: ['url'], msg: `bad: ${String(init.body)}` }] }, { status: 422 })
        : fetch(input, init);
    await using started = await start({}, { dialect: 'rest', fetch: repeat });
    const spec = { name: 'one', url: listening.url, authentication: { type: 'bearer', token: canary } as const };
    const failure = await failureOf(started.gateway.servers.register(spec));
    expect(failure).toMatchObject({ status: 422, message: expect.stringContaining('bad: ') as string });
    expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain(canary);
  });

  test('are in nothing that is inspected, listed or turned into JSON', async () => {
    await using started = await start({ token: canary }, { auth: { type: 'bearer', token: canary } });
    const { gateway } = started;
    const authentication = { type: 'headers', headers: { 'x-secret': canary } } as const;
    const server = await gateway.servers.register({
      name: 'one',
      url: `${listening.url}?key=${canary}`,
      authentication,
    });
    await gateway.callTool('one/process_data');
    const client = new GatewayClient({ url: started.server.url, token: canary });
    for (const shown of [gateway, server, gateway.servers, client, await gateway.servers.list()]) {
      expect(inspect(shown, { depth: 9, showHidden: true })).not.toContain(canary);
      expect(JSON.stringify(shown)).not.toContain(canary);
    }
    expect(server).toMatchObject({ authentication: 'headers', url: `${listening.url}?…` });
  });

  test('go over plain http: to this machine only, unless that is wanted', async () => {
    const sent: string[] = [];
    const record: typeof fetch = async (input) => {
      sent.push(String(input));
      return Response.json([]);
    };
    const url = 'http://gateway.example.com';
    const auth = { type: 'bearer', token: canary } as const;
    const strict = await connectGateway(url, { auth, dialect: 'rest', fetch: record });
    expect(await failureOf(strict.servers.list())).toMatchObject({ code: 'config-invalid', delivered: 'no' });
    const open = await connectGateway(url, { dialect: 'rest', fetch: record });
    const spec = { name: 'one', url: 'http://one.example.com/mcp', authentication: auth };
    expect(await failureOf(open.servers.register(spec))).toMatchObject({ code: 'config-invalid', delivered: 'no' });
    expect(sent).toEqual([]);
    const lax = await connectGateway(url, { auth, dialect: 'rest', fetch: record, allowInsecureHttp: true });
    expect(await lax.servers.list()).toEqual([]);
    expect(sent).toEqual(['http://gateway.example.com/servers']);
  });

  test('with a line break are refused without being shown', async () => {
    const failure = await failureOf(
      connectGateway('http://127.0.0.1:1', { auth: { type: 'bearer', token: `${canary}\n` } }),
    );
    expect(failure).toMatchObject({ code: 'config-invalid' });
    expect(inspect(failure)).not.toContain(canary);
  });
});

test('a wrong token is an AuthError that says who refuses', async () => {
  await using started = await start({}, { auth: { type: 'bearer', token: 'wrong' } });
  const failure = await failureOf(started.gateway.servers.list());
  expect(failure).toBeInstanceOf(AuthError);
  expect(failure).toMatchObject({
    status: 401,
    challenge: 'Bearer',
    message: expect.stringContaining('/servers') as string,
  });
  expect(await started.gateway.serverHealth('one').catch(isMcpError)).toBe(true);
});

test('the first failure of a gateway is not remembered', async () => {
  const server = await referenceGateway({ connectOnRegister: false });
  const gateway = await connectGateway(server.url, { dialect: 'rest', random: () => 0 });
  await gateway.servers.register({ name: 'one', url: listening.url });
  const entry = await gateway.servers.get('one');
  await server.down();
  expect(await failureOf(gateway.hubServer(entry))).toMatchObject({ code: 'connection-failed' });
  await server.up();
  expect((await gateway.callTool('one/process_data', { input: 1 })).json()).toEqual({ processed: 1 });
  await gateway.close();
  await server.close();
});

test('a token that changes is asked for before each request', async () => {
  const tokens = ['old', token];
  await using started = await start(
    {},
    { dialect: 'rest', auth: { type: 'bearer', token: () => tokens.shift() ?? token } },
  );
  expect(await failureOf(started.gateway.servers.list())).toBeInstanceOf(AuthError);
  expect(await started.gateway.servers.list()).toEqual([]);
});
