import { connectGateway } from '@toolwire/gateway-client';
import { createTestServer } from '@toolwire/testing';
import { describe, expect, test } from 'vitest';
import { serveFetch } from '../servers/serve-fetch.ts';

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

const alive = { headers: { 'x-litellm-version': '1' } };
const refusal = (): Response => Response.json({ detail: 'no' }, { status: 401 });

describe('a dialect is known', () => {
  test.each([
    ['context-forge', { '/health': () => Response.json({ status: 'healthy', mcp_runtime: {} }), '/servers': refusal }],
    ['litellm', { '/health/liveliness': () => Response.json("I'm alive!", alive), '/v1/mcp/server': refusal }],
    ['mcp-hub', { '/api/health': () => Response.json({ status: 'ok', server_id: 'mcp-hub' }) }],
    ['mcp-proxy', { '/status': () => Response.json({ server_instances: {} }) }],
    ['registry', { '/v0.1/servers': () => Response.json({ servers: [{ server: { name: 'a/b' } }] }) }],
    ['microsoft', { '/ping': () => new Response(null), '/adapters': () => Response.json([]) }],
    ['microsoft', { '/ping': () => new Response(null), '/adapters': refusal }],
    ['rest', { '/servers': () => Response.json([]) }],
    ['rest', { '/servers': () => Response.json({ servers: [] }) }],
    ['rest', { '/servers': refusal }],
  ])('as %s by GET alone', async (dialect, routes: Record<string, () => Response>) => {
    await using server = await serveFetch(
      (request) => routes[new URL(request.url).pathname]?.() ?? new Response('not found', { status: 404 }),
    );
    await using gateway = await connectGateway(server.url);
    expect(gateway.dialect).toBe(dialect);
    expect(new Set(server.received.map(({ method }) => method))).toEqual(new Set(['GET']));
  });

  test.each(['', '/mcp'])('as MCP and nothing else, and used, given the address with “%s”', async (path) => {
    await using upstream = createTestServer({ tools: { hub__greet: { handler: () => 'Hello' } } });
    await using server = await serveFetch((request) =>
      new URL(request.url).pathname === '/mcp' ? upstream.fetch(request) : new Response('no', { status: 404 }),
    );
    await using gateway = await connectGateway(server.url + path);
    expect(gateway.dialect).toBe('mcp-only');
    expect(gateway.capabilities).toMatchObject({ call: true, register: false });
    expect((await gateway.listTools()).map(({ name }) => name)).toEqual(['127.0.0.1/hub__greet']);
    expect((await gateway.callTool('127.0.0.1/hub__greet')).text()).toBe('Hello');
    expect(await gateway.health()).toMatchObject({ status: 'healthy' });
    expect(await gateway.serverHealth('127.0.0.1')).toMatchObject({ status: 'healthy', source: 'server' });
  });
});

test('a web server that is no gateway is said to be none', async () => {
  await using server = await serveFetch(
    () => new Response('<h1>Hello</h1>', { headers: { 'content-type': 'text/html' } }),
  );
  expect(await failureOf(connectGateway(server.url))).toMatchObject({ code: 'unsupported-capability' });
});

test('where nothing listens, that is the failure', async () => {
  expect(await failureOf(connectGateway('http://127.0.0.1:2'))).toMatchObject({
    code: 'connection-failed',
    delivered: 'no',
    message: expect.stringContaining('http://127.0.0.1:2') as string,
  });
});

test.each(['nowhere', 'ftp://127.0.0.1', 'ws://127.0.0.1'])('%s is refused', async (url) => {
  expect(await failureOf(connectGateway(url))).toMatchObject({ code: 'config-invalid' });
});

test('a URL with a password is refused without being shown', async () => {
  const failure = await failureOf(connectGateway('http://user:CANARY@127.0.0.1:2'));
  expect(failure).toMatchObject({ code: 'config-invalid' });
  expect(String(failure)).not.toContain('CANARY');
});
