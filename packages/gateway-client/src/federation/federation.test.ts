import { inspect } from 'node:util';
import { ArgumentsInvalidError, McpHub, type JsonObject } from '@toolwire/client-core';
import { createTestServer, faultProxy, type TestServer, type TestTool } from '@toolwire/testing';
import { referenceGateway, type ReferenceGateway, type ReferenceGatewayOptions } from '@toolwire/testing/gateway';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectGateway, type GatewayOptions } from '../connect-gateway.ts';
import type { Gateway } from '../gateway.ts';
import { federate } from './federation.ts';

let open: AsyncDisposable[] = [];
/** Counts what it is asked to do. */
let upstream: TestServer;
let url: string;
let a: { server: ReferenceGateway; gateway: Gateway };
let b: { server: ReferenceGateway; gateway: Gateway };

function opened<Resource extends AsyncDisposable>(resource: Resource): Resource {
  open.push(resource);
  return resource;
}

async function startGateway(
  options: ReferenceGatewayOptions = {},
  gatewayOptions: GatewayOptions = {},
): Promise<{ server: ReferenceGateway; gateway: Gateway }> {
  const server = opened(await referenceGateway(options));
  const gateway = opened(await connectGateway(server.url, { random: () => 0, dialect: 'rest', ...gatewayOptions }));
  return { server, gateway };
}

async function startServer(name: string, tool = 'work'): Promise<{ server: TestServer; url: string }> {
  const server = opened(
    createTestServer({ name, tools: { [tool]: { handler: ({ n }: JsonObject) => ({ by: name, n }) } } }),
  );
  return { server, url: (await server.listen()).url };
}

beforeEach(async () => {
  ({ server: upstream, url } = await startServer('shared'));
  [a, b] = await Promise.all([startGateway(), startGateway()]);
});

afterEach(async () => {
  await Promise.all(open.map((resource) => resource[Symbol.asyncDispose]()));
  open = [];
});

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('servers', () => {
  test('that are shared are one, whatever each gateway calls them', async () => {
    await a.gateway.servers.register({ name: 'work', url });
    await b.gateway.servers.register({ name: 'the-work', url: `${url}/` });
    const federation = opened(
      federate([
        { gateway: a.gateway, name: 'a', priority: 1 },
        { gateway: b.gateway, name: 'b' },
      ]),
    );
    const servers = await federation.listServers();
    expect(servers.map(({ name, routes }) => [name, ...routes.map(({ gateway }) => gateway)])).toEqual([
      ['work', 'a', 'b'],
    ]);
    expect((await federation.listTools()).map(({ name }) => name)).toEqual(['work/work']);
    expect((await federation.callTool({ server: 'the-work', tool: 'work' }, { n: 1 })).json()).toEqual({
      by: 'shared',
      n: 1,
    });
  });

  test('that only have a name in common stay apart, and the bare name is refused', async () => {
    const other = await startServer('other');
    await a.gateway.servers.register({ name: 'work', url });
    await b.gateway.servers.register({ name: 'work', url: other.url });
    const federation = opened(
      federate([
        { gateway: a.gateway, name: 'a' },
        { gateway: b.gateway, name: 'b' },
      ]),
    );
    expect((await federation.listServers()).map(({ name }) => name)).toEqual(['a/work', 'b/work']);
    expect((await federation.callTool('b/work/work', { n: 1 })).json()).toEqual({ by: 'other', n: 1 });
    const failure = await failureOf(federation.callTool({ server: 'work', tool: 'work' }));
    expect(failure).toBeInstanceOf(ArgumentsInvalidError);
    expect(failure).toMatchObject({ message: expect.stringContaining('a/work or b/work') as string });
  });

  test('are what `identify` says they are', async () => {
    const twin = await startServer('twin');
    await a.gateway.servers.register({ name: 'work', url });
    await b.gateway.servers.register({ name: 'work', url: twin.url });
    const members = [a, b].map(({ gateway }) => ({ gateway }));
    const federation = opened(federate(members, { identify: ({ name }) => name }));
    expect(await federation.listServers()).toMatchObject([{ name: 'work', identity: 'work', routes: [{}, {}] }]);
  });

  test('of a gateway that is down are missing, and the failure is told', async () => {
    await a.gateway.servers.register({ name: 'work', url });
    await b.server.down();
    const federation = opened(federate([{ gateway: a.gateway }, { gateway: b.gateway, name: 'b' }]));
    expect((await federation.listTools()).map(({ name }) => name)).toEqual(['work/work']);
    expect(federation.failures.gateways).toMatchObject([{ gateway: 'b', error: { code: 'connection-failed' } }]);
    await b.server.up();
    await federation.listTools();
    expect(federation.failures.gateways).toEqual([]);
  });

  test('that are gateways of the federation themselves are left out', async () => {
    const away = await startGateway({ connectOnRegister: false });
    await away.gateway.servers.register({ name: 'loop', url: `${a.server.url}/servers/work/mcp` });
    await a.gateway.servers.register({ name: 'work', url });
    const federation = opened(federate([{ gateway: a.gateway }, { gateway: away.gateway }]));
    expect((await federation.listServers()).map(({ name }) => name)).toEqual(['work']);
  });

  test('none of which can be listed are an error, not an empty list', async () => {
    await Promise.all([a.server.down(), b.server.down()]);
    const federation = opened(federate([{ gateway: a.gateway }, { gateway: b.gateway }]));
    expect(await failureOf(federation.listTools())).toMatchObject({ code: 'connection-failed' });
  });

  test('are gone when no gateway has them any more', async () => {
    await a.gateway.servers.register({ name: 'work', url });
    const federation = opened(federate([{ gateway: a.gateway }, { gateway: b.gateway }]));
    await federation.callTool('work/work', { n: 1 });
    await a.gateway.servers.remove('work');
    expect(await federation.listTools()).toEqual([]);
    expect(await failureOf(federation.callTool({ server: 'work', tool: 'work' }))).toMatchObject({
      code: 'arguments-invalid',
    });
  });
});

test('a gateway that dies while its servers are looked at loses none of them for good', async () => {
  await a.gateway.servers.register({ name: 'work', url });
  let isDead = true;
  const dying: typeof fetch = (input, init) =>
    isDead && String(input).endsWith('/mcp') ? Promise.reject(new TypeError('fetch failed')) : fetch(input, init);
  const gateway = opened(await connectGateway(a.server.url, { dialect: 'rest', random: () => 0, fetch: dying }));
  const federation = opened(federate([{ gateway }]));
  expect(await failureOf(federation.listTools())).toMatchObject({ code: 'connection-failed' });
  isDead = false;
  expect((await federation.listTools()).map(({ name }) => name)).toEqual(['work/work']);
});

test('two gateways of one name are refused', () => {
  expect(() =>
    federate([
      { gateway: a.gateway, name: 'x' },
      { gateway: b.gateway, name: 'x' },
    ]),
  ).toThrow('called "x"');
});

describe('calls', () => {
  beforeEach(async () => {
    await a.gateway.servers.register({ name: 'work', url });
    await b.gateway.servers.register({ name: 'work', url });
  });

  /** How many calls came by way of each gateway. */
  const callsAt = ({ server }: typeof a): number =>
    server.requests.filter((request) => /^POST .*\/mcp$/.test(request)).length;

  test('go to the gateway of the highest priority, and stay there', async () => {
    const federation = opened(
      federate([
        { gateway: a.gateway, priority: 1 },
        { gateway: b.gateway, priority: 2 },
      ]),
    );
    for (let n = 0; n < 5; n++) await federation.callTool('work/work', { n });
    expect([callsAt(a) > 0, callsAt(b) > 0]).toEqual([false, true]);
  });

  test('among gateways of one priority stay where the first went', async () => {
    const choices = [0.9, 0.1, 0.1, 0.9, 0.1, 0.9];
    const random = (): number => choices.shift() ?? 0;
    const federation = opened(federate([{ gateway: a.gateway }, { gateway: b.gateway }], { random }));
    for (let n = 0; n < 3; n++) await federation.callTool('work/work', { n });
    expect([callsAt(a) > 0, callsAt(b) > 0]).toEqual([true, false]);
  });

  test('fail over when a gateway dies in the middle, and none is lost or made twice', async () => {
    const proxy = opened(await faultProxy(a.server.url, { latencyMs: 30 }));
    const dying = opened(await connectGateway(proxy.url, { dialect: 'rest' }));
    const federation = opened(
      federate([
        { gateway: dying, name: 'dying', priority: 1 },
        { gateway: b.gateway, name: 'b' },
      ]),
    );
    const outcomes: { n: number; isHarmless: boolean; error: unknown }[] = [];
    const call = async (n: number): Promise<void> => {
      const isHarmless = n % 2 === 0;
      const error = await failureOf(federation.callTool('work/work', { n }, { idempotent: isHarmless }));
      outcomes.push({ n, isHarmless, error });
    };
    for (let n = 0; n < 40; n += 8) {
      const batch = Array.from({ length: 8 }, (_, index) => call(n + index));
      if (n === 16) {
        await expect.poll(() => upstream.toolCalls('work').length, { interval: 1 }).toBeGreaterThan(n);
        await proxy.down(); // The server has some of these calls, and the answers are under way.
      }
      await Promise.all(batch);
    }
    expect(outcomes.filter(({ isHarmless, error }) => isHarmless && error !== undefined)).toEqual([]);
    const lost = outcomes.filter(({ error }) => error !== undefined);
    expect(lost).not.toEqual([]);
    for (const { error } of lost) expect(error).toMatchObject({ delivered: 'unknown' });
    const calls = upstream.toolCalls('work').map((args) => args['n']);
    for (const { n, isHarmless, error } of outcomes) {
      const times = calls.filter((made) => made === n).length;
      if (!isHarmless) expect(times, `call ${n}`).toBeLessThanOrEqual(1);
      if (error === undefined) expect(times, `call ${n}`).toBeGreaterThanOrEqual(1);
    }
  });

  test('come back to the gateway of higher priority when it lives again', async () => {
    const client = { circuitBreaker: { failures: 1, restMs: 50 } };
    const gateway = opened(await connectGateway(a.server.url, { dialect: 'rest', client }));
    const federation = opened(federate([{ gateway, priority: 1, name: 'a' }, { gateway: b.gateway }]));
    await federation.callTool('work/work', { n: 1 });
    await a.server.down();
    await federation.callTool('work/work', { n: 2 }, { idempotent: true });
    expect(callsAt(b)).toBeGreaterThan(0);
    await a.server.up();
    await expect
      .poll(async () => {
        const before = callsAt(b);
        await federation.callTool('work/work', { n: 3 }, { idempotent: true });
        return callsAt(b) - before;
      })
      .toBe(0);
  });

  test('have gateways that were down looked at again, and use them', async () => {
    await b.server.down();
    const members = [{ gateway: a.gateway, name: 'a', priority: 1 }, { gateway: b.gateway }];
    const federation = opened(federate(members, { lookAgainMs: 0 }));
    await federation.callTool('work/work', { n: 1 });
    await b.server.up();
    await expect
      .poll(async () => {
        await federation.callTool('work/work', { n: 2 });
        return federation.failures.gateways;
      })
      .toEqual([]);
    await a.server.down();
    expect((await federation.callTool('work/work', { n: 3 }, { idempotent: true })).json()).toMatchObject({ n: 3 });
  });

  test('that the server itself refuses are not tried elsewhere', async () => {
    const federation = opened(federate([{ gateway: a.gateway, priority: 1 }, { gateway: b.gateway }]));
    const before = callsAt(b);
    const result = await failureOf(federation.callTool({ server: 'work', tool: 'none' }));
    expect(result).toMatchObject({ code: 'arguments-invalid' });
    expect(callsAt(b)).toBe(before);
  });

  test('to a gateway whose token has expired go to the other', async () => {
    const strict = await startGateway({ token: 'good' }, { auth: { type: 'bearer', token: 'good' } });
    await strict.gateway.servers.register({ name: 'work', url });
    const tokens = { current: 'good' };
    const gateway = opened(
      await connectGateway(strict.server.url, {
        dialect: 'rest',
        auth: { type: 'bearer', token: () => tokens.current },
      }),
    );
    const federation = opened(federate([{ gateway, priority: 1, name: 'strict' }, { gateway: b.gateway }]));
    await federation.callTool('work/work', { n: 1 });
    tokens.current = 'expired';
    expect((await federation.callTool('work/work', { n: 2 })).json()).toEqual({ by: 'shared', n: 2 });
    expect(await federation.health()).toMatchObject({ strict: { status: 'unauthorized' } });
  });

  test('run on a hub of one’s own, with the failover', async () => {
    const federation = opened(federate([{ gateway: a.gateway, priority: 1 }, { gateway: b.gateway }]));
    const hub = opened(new McpHub(await federation.hubServers()));
    expect((await hub.connect()).ready).toEqual(['work']);
    await a.server.down();
    expect((await hub.callTool('work/work', { n: 1 }, { idempotent: true })).json()).toEqual({ by: 'shared', n: 1 });
  });
});

describe('registerEverywhere', () => {
  test('tells how it went at each gateway', async () => {
    await a.gateway.servers.register({ name: 'work', url });
    const federation = opened(
      federate([
        { gateway: a.gateway, name: 'a' },
        { gateway: b.gateway, name: 'b' },
      ]),
    );
    expect(await federation.registerEverywhere({ name: 'work', url })).toMatchObject([
      { gateway: 'a', status: 'failed', error: { status: 409 } },
      { gateway: 'b', status: 'registered', server: { name: 'work' } },
    ]);
  });

  test('takes back what it did when one fails and that is wanted', async () => {
    await a.gateway.servers.register({ name: 'work', url });
    const federation = opened(
      federate([
        { gateway: a.gateway, name: 'a' },
        { gateway: b.gateway, name: 'b' },
      ]),
    );
    expect(await federation.registerEverywhere({ name: 'work', url }, { rollback: true })).toMatchObject([
      { gateway: 'a', status: 'failed' },
      { gateway: 'b', status: 'rolled-back' },
    ]);
    expect(await b.gateway.servers.list()).toEqual([]);
    expect(await a.gateway.servers.list()).toHaveLength(1);
  });
});

test('drift tells of servers that a gateway lacks, and of tools that differ', async () => {
  const takes = (name: string): TestTool<JsonObject> => ({
    inputSchema: { type: 'object', properties: { [name]: { type: 'string' } } },
    handler: () => 'done',
  });
  const one = opened(createTestServer({ tools: { here: takes('a'), both: takes('a'), same: takes('a') } }));
  const two = opened(createTestServer({ tools: { there: takes('a'), both: takes('b'), same: takes('a') } }));
  await a.gateway.servers.register({ name: 'work', url });
  await a.gateway.servers.register({ name: 'twin', url: (await one.listen()).url });
  await b.gateway.servers.register({ name: 'twin', url: (await two.listen()).url });
  const members = [
    { gateway: a.gateway, name: 'a' },
    { gateway: b.gateway, name: 'b' },
  ];
  const federation = opened(federate(members, { identify: ({ name }) => name }));
  expect(await federation.drift()).toEqual({
    servers: [{ server: 'work', missingAt: ['b'] }],
    tools: [
      { server: 'twin', tool: 'both', missingAt: [], hasDifferentSchemas: true },
      { server: 'twin', tool: 'here', missingAt: ['b'], hasDifferentSchemas: false },
      { server: 'twin', tool: 'there', missingAt: ['a'], hasDifferentSchemas: false },
    ],
    failed: [],
  });
});

test('servers without a URL are the same by name, version and tools', async () => {
  await using twin = await startTwin('work');
  await using same = await startTwin('work');
  await using other = await startTwin('play');
  const federation = opened(
    federate([twin, same, other].map(({ gateway }, index) => ({ gateway, name: `g${index}` }))),
  );
  const servers = await federation.listServers();
  expect(servers.map(({ routes }) => routes.map(({ gateway }) => gateway))).toEqual([['g0', 'g1'], ['g2']]);
});

/** An MCP endpoint as a gateway that tells nothing of its server. */
async function startTwin(tool: string): Promise<{ gateway: Gateway } & AsyncDisposable> {
  const twin = await startServer('twin', tool);
  const gateway = await connectGateway(twin.url, { dialect: 'mcp-only' });
  return { gateway, [Symbol.asyncDispose]: () => gateway.close() };
}

test('a federation shows no secret of its gateways', async () => {
  const secret = 'CANARY-51d0';
  const strict = await startGateway({ token: secret }, { auth: { type: 'bearer', token: secret } });
  await strict.gateway.servers.register({ name: 'work', url });
  const federation = opened(federate([{ gateway: strict.gateway }]));
  await federation.callTool('work/work', { n: 1 });
  expect(inspect([federation, await federation.listServers()], { depth: 9, showHidden: true })).not.toContain(secret);
});
