import { connect, McpClient, parseConfig, type ClientOptions } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { startRawHttpServer, type Answer, type RawHttpServer } from '../servers/raw-http-server.ts';

const secret = 'canary-7f3a';
const legacy: ClientOptions = { protocolVersion: '2025-11-25', timeoutMs: 5000, attempts: 1 };

/** A server that keeps these headers of each request; one named `refuse` is answered with its value as the status. */
async function startKeeper(names: readonly string[]): Promise<RawHttpServer & { seen: Record<string, unknown>[] }> {
  const seen: Record<string, unknown>[] = [];
  const keep =
    (answer: Answer): Answer =>
    (exchange) => {
      const { headers } = exchange.request;
      seen.push(
        Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]))),
      );
      const refuse = headers['refuse'];
      if (refuse === undefined) answer(exchange);
      else exchange.json({ error: 'no' }, Number(refuse));
    };
  const server = await startRawHttpServer({
    initialize: keep(({ result }) =>
      result({ protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'k', version: '1' } }),
    ),
    'tools/call': keep(({ result }) => result({ content: [] })),
  });
  return Object.assign(server, { seen });
}

describe('a credential', () => {
  test.each<[string, ClientOptions, Record<string, string>]>([
    ['apiKey', { apiKey: secret }, { 'x-api-key': secret }],
    ['a header of any name', { headers: { 'X-Client-Key': secret } }, { 'x-client-key': secret }],
    ['bearer', { bearer: secret }, { authorization: `Bearer ${secret}` }],
    ['bearer as a function', { bearer: async () => secret }, { authorization: `Bearer ${secret}` }],
    ['apiKey and bearer', { apiKey: 'a', bearer: 'b' }, { 'x-api-key': 'a', authorization: 'Bearer b' }],
  ])('by %s goes with every request', async (_name, options, headers) => {
    await using server = await startKeeper(['x-api-key', 'x-client-key', 'authorization']);
    await using client = await connect(server.url, { ...legacy, ...options });
    await client.callTool('any');
    expect(server.seen).toEqual([headers, headers]);
  });

  test('of one call replaces that of all, for this call alone', async () => {
    await using server = await startKeeper(['x-api-key']);
    await using client = await connect(server.url, { ...legacy, apiKey: 'all' });
    await client.callTool('any', {}, { headers: { 'X-API-Key': 'one' } });
    await client.callTool('any');
    expect(server.seen.map((headers) => headers['x-api-key'])).toEqual(['all', 'one', 'all']);
  });

  test('of a configuration goes to its own server', async () => {
    await using one = await startKeeper(['x-client-key']);
    await using two = await startKeeper(['x-client-key']);
    const mcpServers = { one: { url: one.url, headers: { 'X-Client-Key': '${KEY}' } }, two: { url: two.url } };
    const configs = parseConfig(JSON.stringify({ mcpServers }), { file: 'mcp.json', env: { KEY: secret } });
    for (const config of Object.values(configs)) await (await connect(config, legacy)).close();
    expect([one.seen[0], two.seen[0]]).toEqual([{ 'x-client-key': secret }, {}]);
  });

  test.each<[string, ClientOptions, Record<string, string>, string | undefined]>([
    ['apiKey', { apiKey: secret }, {}, 'x-api-key'],
    ['bearer', { bearer: secret }, {}, 'authorization'],
    ['a bearer function', { bearer: () => secret }, {}, 'authorization'],
    ['a header', { headers: { 'X-Client-Key': secret } }, {}, 'x-client-key'],
    ['a cookie', { headers: { Cookie: secret } }, {}, 'cookie'],
    ['a header of the call', {}, { 'X-Client-Key': secret }, 'x-client-key'],
    ['nothing', {}, {}, undefined],
    ['what is none', { headers: { 'Idempotency-Key': 'x' } }, {}, undefined],
  ])('by %s that is refused is named by its header', async (_name, options, headers, header) => {
    for (const status of [401, 403]) {
      await using server = await startKeeper([]);
      await using client = new McpClient(server.url, { ...legacy, ...options });
      await client.connect();
      const refused = client.callTool('any', {}, { headers: { ...headers, refuse: String(status) } });
      const failure: unknown = await refused.catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'unauthorized', status, header, delivered: 'no' });
      expect(String(failure)).toContain(header === undefined ? 'none was sent' : `in the header ${header}`);
      expect(String(failure)).not.toContain(secret);
    }
  });

  test('by user and password of the URL that is refused is named by its header', async () => {
    await using server = await startKeeper([]);
    const url = server.url.replace('://', `://user:${secret}@`);
    const failure: unknown = await connect(url, { ...legacy, headers: { refuse: '401' } }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'unauthorized', header: 'authorization' });
    expect(String(failure)).not.toContain(secret);
  });

  test.each<[string, ClientOptions]>([
    ['apiKey', { apiKey: 'k' }],
    ['bearer', { bearer: 'k' }],
    ['an Authorization header', { headers: { Authorization: 'k' } }],
  ])('by %s never mixes with oauth', async (name, options) => {
    await using server = await startKeeper([]);
    await expect(connect(server.url, { ...legacy, ...options, oauth: {} })).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining(name),
    });
    expect(server.seen).toEqual([]);
  });
});
