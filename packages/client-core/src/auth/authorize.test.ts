import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { startHttpServer, type Answer, type HttpServer } from '../../test-support/http-server.ts';
import { McpClient } from '../client.ts';
import type { ClientOptions } from '../client-options.ts';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each.close();
});

const initialize: Answer = ({ result }) =>
  result({ protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'guarded', version: '1' } });

/** A client, and a server that lets in who shows one of these. */
async function connected(
  allowed: readonly string[],
  options: ClientOptions,
): Promise<{ client: McpClient; server: HttpServer; seen: () => (string | undefined)[] }> {
  const guard =
    (answer: Answer): Answer =>
    (exchange) =>
      allowed.includes(exchange.request.headers.authorization ?? '') ? answer(exchange) : exchange.json({}, 401);
  const answers = { initialize: guard(initialize), 'tools/call': guard(({ result }) => result({ content: [] })) };
  const server = await startHttpServer(answers);
  const client = new McpClient(server.url, { protocolVersion: '2025-11-25', ...options });
  opened.push(server, client);
  return { client, server, seen: () => server.requests.map(({ headers }) => headers.authorization) };
}

describe('bearer', () => {
  test('is sent with every request', async () => {
    const { client, seen } = await connected(['Bearer one'], { bearer: 'one' });
    await client.callTool('any');
    expect(new Set(seen())).toEqual(new Set(['Bearer one']));
  });

  test('as a function is asked for each request', async () => {
    const tokens = ['one', 'two', 'three', 'four', 'five'];
    const allowed = tokens.map((token) => `Bearer ${token}`);
    const { client, seen } = await connected(allowed, { bearer: () => tokens.shift() ?? '' });
    await client.callTool('any');
    expect(new Set(seen()).size).toBe(seen().length);
  });

  test('as a function is asked once more when the server refuses what it gave', async () => {
    let current = 'old';
    const { client, server, seen } = await connected(['Bearer new'], {
      bearer: async () => {
        const token = current;
        current = 'new';
        return token;
      },
    });
    await client.callTool('any');
    expect(seen().filter((header) => header === 'Bearer old')).toHaveLength(1);
    expect(server.requests.filter(({ method }) => method === 'tools/call')).toHaveLength(1);
  });

  test.each<{ name: string; options: ClientOptions; header: string }>([
    { name: 'a token', options: { bearer: 'secret' }, header: 'authorization' },
    { name: 'a function', options: { bearer: () => 'secret' }, header: 'authorization' },
    { name: 'an API key', options: { apiKey: 'secret' }, header: 'x-api-key' },
  ])('$name that is refused is named by its header, not shown', async ({ options, header }) => {
    const { client, server } = await connected([], options);
    const error: unknown = await client.connect().catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'unauthorized', status: 401, header, delivered: 'no' });
    expect(String(error) + JSON.stringify(error)).not.toContain('secret');
    expect(server.requests).toHaveLength(1);
  });

  test('with a line break fails by name, not by value', async () => {
    const { client } = await connected([], { bearer: () => 'secret\n' });
    const error: unknown = await client.connect().catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'config-invalid', message: expect.stringContaining('authorization') });
    expect(String(error)).not.toContain('secret');
  });

  test('as a function is asked for each WebSocket that opens', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer().on('upgrade', ({ headers }, socket) => {
      seen.push(headers.authorization);
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // A server that listens on a port has one.
    const client = new McpClient(`ws://127.0.0.1:${port}/`, { bearer: async () => 'one', connectTimeoutMs: 500 });
    await expect(client.connect()).rejects.toMatchObject({ delivered: 'no' });
    await client.close();
    server.close();
    expect(new Set(seen)).toEqual(new Set(['Bearer one']));
  });

  test('gives way to what one call says of itself', async () => {
    const { client, seen } = await connected(['Bearer mine', 'Bearer other'], { bearer: () => 'mine' });
    await client.callTool('any', {}, { headers: { Authorization: 'Bearer other' } });
    expect(seen().at(-1)).toBe('Bearer other');
  });
});

describe('oauth', () => {
  test.each<{ name: string; options: ClientOptions }>([
    { name: 'apiKey', options: { apiKey: 'k' } },
    { name: 'bearer', options: { bearer: 'k' } },
    { name: 'an Authorization header', options: { headers: { Authorization: 'k' } } },
  ])('does not mix with $name', async ({ name, options }) => {
    const { client, server } = await connected([], { ...options, oauth: {} });
    await expect(client.connect()).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining(name),
    });
    expect(server.requests).toEqual([]);
  });

  test.each<{ name: string; oauth: NonNullable<ClientOptions['oauth']>; url?: string }>([
    { name: 'a WebSocket', oauth: {}, url: 'ws://127.0.0.1:1/' },
    { name: 'a secret without the issuer it belongs to', oauth: { clientId: 'a', clientSecret: 'secret' } },
    { name: 'keys of one process in a store', oauth: { dpop: true, store: { get: () => undefined, set: () => {} } } },
  ])('refuses $name', async ({ oauth, url = 'http://127.0.0.1:1/mcp' }) => {
    const client = new McpClient(url, { oauth });
    opened.push(client);
    const error: unknown = await client.connect().catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'config-invalid', delivered: 'no' });
    expect(String(error)).not.toContain('secret ');
  });
});
