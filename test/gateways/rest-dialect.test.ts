import { connectGateway, type Gateway } from '@toolwire/gateway-client';
import { createTestServer } from '@toolwire/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { serveFetch, type GatewayStandIn } from '../servers/serve-fetch.ts';

let open: AsyncDisposable[] = [];

afterEach(async () => {
  await Promise.all(open.map((resource) => resource[Symbol.asyncDispose]()));
  open = [];
});

type Routes = Readonly<Record<string, (request: Request) => Response | Promise<Response>>>;

/** A gateway that answers what `routes` hold by method and path, and 404 to the rest. */
async function start(routes: Routes): Promise<{ server: GatewayStandIn; gateway: Gateway }> {
  const server = await serveFetch((request) => {
    const { pathname } = new URL(request.url);
    return routes[`${request.method} ${pathname}`]?.(request) ?? Response.json({ error: 'not found' }, { status: 404 });
  });
  const gateway = await connectGateway(server.url, { dialect: 'rest', random: () => 0 });
  open.push(gateway, server);
  return { server, gateway };
}

const one = { id: '1', name: 'one', url: 'http://127.0.0.1:9/mcp' };
const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a list is read', () => {
  test.each([
    ['bare', [one]],
    ['in `servers`', { servers: [one] }],
    ['in `data`', { data: [one], pagination: { next_cursor: null } }],
    ['in `items`', { items: [one] }],
    ['of servers that are wrapped', { servers: [{ server: one }], metadata: {} }],
  ])('%s', async (_how, body) => {
    const { gateway } = await start({ 'GET /servers': () => Response.json(body) });
    expect(await gateway.servers.list()).toMatchObject([{ id: '1', name: 'one' }]);
  });

  test.each([
    ['nextCursor', { nextCursor: 'two' }],
    ['next_cursor', { next_cursor: 'two' }],
    ['metadata', { metadata: { nextCursor: 'two' } }],
    ['pagination', { pagination: { cursor: 'two' } }],
    ['a Link header', {}, { link: '</servers?cursor=one>; rel="prev", </servers?cursor=two>; rel="next"' }],
  ])('over its pages, by %s', async (_how, more, headers: Record<string, string> = {}) => {
    const { gateway } = await start({
      'GET /servers': ({ url }) =>
        new URL(url).searchParams.get('cursor') === 'two'
          ? Response.json({ servers: [{ ...one, id: '2', name: 'two' }] })
          : Response.json({ servers: [one], ...more }, { headers }),
    });
    expect((await gateway.servers.list()).map(({ name }) => name)).toEqual(['one', 'two']);
  });

  test('with names that are each only once', async () => {
    const { gateway } = await start({ 'GET /servers': () => Response.json([one, { ...one, id: '2' }]) });
    expect((await gateway.servers.list()).map(({ name }) => name)).toEqual(['one', '2']);
  });

  test('never in a circle', async () => {
    const { gateway } = await start({ 'GET /servers': () => Response.json({ servers: [one], nextCursor: 'again' }) });
    expect(await failureOf(gateway.servers.list())).toMatchObject({ code: 'invalid-response' });
  });

  test.each([
    ['a page of HTML', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['an object without a list', () => Response.json({ ok: true })],
    ['a server without a name', () => Response.json([{ url: 'http://127.0.0.1:9' }])],
  ])('but not out of %s', async (_what, answer) => {
    const { gateway } = await start({ 'GET /servers': answer });
    expect(await failureOf(gateway.servers.list())).toMatchObject({ code: 'invalid-response' });
  });
});

describe('a registration is understood that is answered', () => {
  test.each([
    ['with the server', () => Response.json(one, { status: 201 })],
    ['with the server in `server`', () => Response.json({ server: one })],
    ['with the server in `data`', () => Response.json({ data: one, success: true })],
    ['with nothing (204)', () => new Response(null, { status: 204 })],
    [
      'with patience (202)',
      () => Response.json({ message: 'accepted' }, { status: 202, headers: { 'retry-after': '0' } }),
    ],
  ])('%s', async (_how, answer) => {
    const { gateway } = await start({ 'POST /servers': answer, 'GET /servers/one': () => Response.json(one) });
    expect(await gateway.servers.register({ name: 'one', url: one.url })).toMatchObject({ id: '1', name: 'one' });
  });
});

test('a registration is sent as the guides write it', async () => {
  const { gateway, server } = await start({ 'POST /servers': () => Response.json(one, { status: 201 }) });
  const authentication = { type: 'bearer', token: 'server-token' } as const;
  await gateway.servers.register({ name: 'one', url: one.url, transport: 'http', authentication });
  expect(server.received).toEqual([
    { method: 'POST', path: '/servers', body: { name: 'one', url: one.url, transport: 'http', authentication } },
  ]);
});

describe('a change is sent', () => {
  const found = { 'GET /servers/one': () => Response.json(one), 'GET /servers/1': () => Response.json(one) };
  const refuse = (): Response => Response.json({}, { status: 405 });

  test('with PUT where PATCH is not known', async () => {
    const { gateway, server } = await start({
      ...found,
      'PATCH /servers/1': refuse,
      'PUT /servers/1': () => Response.json(one),
    });
    await gateway.servers.update('one', { description: 'new' });
    expect(server.received).toContainEqual({ method: 'PUT', path: '/servers/1', body: { description: 'new' } });
  });

  test('to an address of its own where `enabled` cannot be changed', async () => {
    const { gateway, server } = await start({
      ...found,
      'PATCH /servers/1': refuse,
      'PUT /servers/1': refuse,
      'POST /servers/1/state': () => Response.json({}),
    });
    await gateway.servers.setEnabled('one', false);
    expect(server.received).toContainEqual({
      method: 'POST',
      path: '/servers/1/state?activate=false',
      body: undefined,
    });
  });
});

describe('tools are reached', () => {
  const list = { 'GET /servers': () => Response.json([one]), 'GET /servers/one': () => Response.json(one) };
  const tools = [{ name: 'add', inputSchema: { type: 'object' } }];

  test('where the gateway says that MCP is spoken', async () => {
    await using upstream = createTestServer({ tools: { add: { handler: () => 'by MCP' } } });
    const at = { ...one, mcpUrl: '/elsewhere/mcp' };
    const { gateway } = await start({
      'GET /servers/one': () => Response.json(at),
      'GET /elsewhere/mcp': (request) => upstream.fetch(request),
      'POST /elsewhere/mcp': (request) => upstream.fetch(request),
    });
    expect((await gateway.callTool({ server: 'one', tool: 'add' })).text()).toBe('by MCP');
  });

  test('by MCP, too, where a stream keeps its answer back', { timeout: 20_000 }, async () => {
    await using upstream = createTestServer({ tools: { add: { handler: () => 'by MCP' } } });
    const { gateway } = await start({
      ...list,
      'GET /servers/1/mcp': () => new Promise(() => {}),
      'POST /servers/1/mcp': (request) => upstream.fetch(request),
    });
    expect((await gateway.callTool('one/add')).text()).toBe('by MCP');
  });

  test('elsewhere without what `auth` shows to the gateway', async () => {
    const seen: (string | null)[] = [];
    const elsewhere = await serveFetch(({ headers }) => {
      seen.push(headers.get('authorization'));
      return new Response(null, { status: 404 });
    });
    const server = await serveFetch(() => Response.json({ ...one, mcpUrl: `${elsewhere.url}/mcp` }));
    const auth = { type: 'bearer', token: 'CANARY' } as const;
    const gateway = await connectGateway(server.url, { dialect: 'rest', auth, client: { attempts: 1 } });
    open.push(gateway, server, elsewhere);
    await failureOf(gateway.callTool({ server: 'one', tool: 'add' }));
    expect(new Set(seen)).toEqual(new Set([null]));
  });

  test.each([
    ['a result', { content: [{ type: 'text', text: '{"sum":3}' }], structuredContent: { sum: 3 } }],
    ['a result in `result`', { result: { content: [{ type: 'text', text: '{"sum":3}' }] } }],
    ['plain JSON', { sum: 3 }],
  ])('by REST for each server, answered with %s', async (_what, answer) => {
    const { gateway, server } = await start({
      ...list,
      'GET /servers/1/tools': () => Response.json({ tools }),
      'POST /servers/1/tools/call': () => Response.json(answer),
    });
    expect((await gateway.listTools()).map(({ name }) => name)).toEqual(['one/add']);
    expect((await gateway.callTool('one/add', { a: 1 })).json()).toEqual({ sum: 3 });
    expect(server.received.at(-1)).toEqual({
      method: 'POST',
      path: '/servers/1/tools/call',
      body: { name: 'add', arguments: { a: 1 } },
    });
  });

  test('by REST for all servers together, with the name of the one that is meant', async () => {
    const { gateway, server } = await start({
      ...list,
      'GET /tools': () => Response.json(tools),
      'POST /tools/call': () => new Response('three', { headers: { 'content-type': 'text/plain' } }),
    });
    expect((await gateway.callTool('one/add', { a: 1 })).text()).toBe('three');
    expect(server.received.at(-1)).toMatchObject({ body: { server: 'one', name: 'add', arguments: { a: 1 } } });
  });

  test('once: a call that fails is not sent another way', async () => {
    const { gateway, server } = await start({
      ...list,
      'GET /servers/1/tools': () => Response.json({ tools }),
      'POST /servers/1/tools/call': () => Response.json({ detail: 'broken' }, { status: 500 }),
      'POST /tools/call': () => Response.json({ sum: 3 }),
    });
    expect(await failureOf(gateway.callTool('one/add'))).toMatchObject({ status: 500, delivered: 'unknown' });
    expect(server.received.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});

describe('a management request', () => {
  test('that only reads is sent again after a failure in passing', async () => {
    const statuses = [503, 500, 200];
    const { gateway, server } = await start({
      'GET /servers': () => Response.json([one], { status: statuses.shift() ?? 200 }),
    });
    expect(await gateway.servers.list()).toHaveLength(1);
    expect(server.received).toHaveLength(3);
  });

  test('that registers is not', async () => {
    const { gateway, server } = await start({ 'POST /servers': () => Response.json({}, { status: 500 }) });
    expect(await failureOf(gateway.servers.register({ name: 'one', url: one.url }))).toMatchObject({ status: 500 });
    expect(server.received.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test('follows a redirect within the origin, and none beyond it', async () => {
    const { gateway } = await start({
      'GET /servers': () => new Response(null, { status: 307, headers: { location: '/servers/' } }),
      'GET /servers/': () => Response.json([one]),
      'GET /servers/one': () => new Response(null, { status: 302, headers: { location: 'http://127.0.0.1:9/' } }),
    });
    expect(await gateway.servers.list()).toHaveLength(1);
    expect(await failureOf(gateway.servers.get('one'))).toMatchObject({
      status: 302,
      message: expect.stringContaining('not followed') as string,
    });
  });

  test('that is not answered in time says so', async () => {
    const server = await serveFetch(() => new Promise(() => {}));
    open.push(server);
    const gateway = await connectGateway(server.url, { dialect: 'rest', timeoutMs: 50, random: () => 0 });
    expect(await failureOf(gateway.servers.register({ name: 'one', url: one.url }))).toMatchObject({ code: 'timeout' });
    const reason = new Error('enough');
    const cancelled = gateway.servers.list({ signal: AbortSignal.abort(reason) });
    expect(await failureOf(cancelled)).toBe(reason);
  });

  test.each([
    [{ error: 'plain' }, 'plain'],
    [{ error: { message: 'inner' } }, 'inner'],
    [{ detail: 'detailed' }, 'detailed'],
    [{ detail: { error: 'nested' } }, 'nested'],
    [{ detail: [{ loc: ['body', 'url'], msg: 'wrong', input: 'CANARY' }] }, 'url: wrong'],
    [{ errors: [{ field: 'name', message: 'taken' }] }, 'name: taken'],
    [{ error: 'invalid_request', error_description: 'described' }, 'described'],
    ['a bare string', 'a bare string'],
  ])('that is refused with %j tells what the gateway says', async (body, said) => {
    const { gateway } = await start({ 'POST /servers': () => Response.json(body, { status: 400 }) });
    const failure = await failureOf(gateway.servers.register({ name: 'one', url: one.url }));
    expect(failure).toMatchObject({ status: 400, message: expect.stringMatching(new RegExp(`: ${said}$`)) as string });
    expect(String(failure)).not.toContain('CANARY');
  });
});
