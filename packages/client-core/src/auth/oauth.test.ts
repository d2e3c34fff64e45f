import { inspect } from 'node:util';
import type { OAuthClientProvider } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, test } from 'vitest';
import { startHttpServer, type Answer, type HttpServer } from '../../test-support/http-server.ts';
import { McpClient } from '../client.ts';
import type { OnReport } from '../protocol/report.ts';
import type { OAuthOptions } from './oauth-options.ts';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each.close();
});

interface Guarded {
  client: McpClient;
  server: HttpServer;
  /** The paths that were asked by GET, in order. */
  asked: string[];
}

/** A server that wants the token `good`, and says these things of who gives it. */
async function guarded(
  oauth: OAuthOptions,
  {
    challenge = 'Bearer',
    metadata = {},
    sessionId,
    onReport = () => {},
  }: { challenge?: string; metadata?: Record<string, unknown>; sessionId?: string; onReport?: OnReport } = {},
): Promise<Guarded> {
  const asked: string[] = [];
  const refuse: Answer = ({ json }) => json({}, 401, { 'www-authenticate': challenge });
  const server = await startHttpServer({
    initialize: (exchange) => {
      const { request, response, result } = exchange;
      if (request.headers.authorization !== 'Bearer good') return refuse(exchange);
      if (sessionId !== undefined) response.setHeader('mcp-session-id', sessionId);
      return result({ protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'g', version: '1' } });
    },
    DELETE: refuse,
    GET: ({ request, json }) => {
      asked.push(request.url ?? '');
      const found = metadata[request.url ?? ''];
      json(typeof found === 'function' ? found() : (found ?? {}), found === undefined ? 404 : 200);
    },
  });
  const client = new McpClient(server.url, { protocolVersion: '2025-11-25', oauth, onReport });
  opened.push(server, client);
  return { client, server, asked };
}

const metadataPath = '/.well-known/oauth-protected-resource/mcp';

describe('a login', () => {
  test.each([
    'http://169.254.169.254/latest/meta-data',
    'https://169.254.169.254/',
    'https://[::ffff:10.0.0.1]/',
    'https://0xa9fea9fe/',
    'https://0251.0376.0251.0376/',
    'http://192.168.1.1/',
    'file:///etc/passwd',
    'http://example.com/',
  ])('does not ask an authorization server at %s', async (issuer) => {
    const { client, server, asked } = await guarded(
      {},
      { metadata: { [metadataPath]: () => ({ resource: server.url, authorization_servers: [issuer] }) } },
    );
    await expect(client.connect()).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringMatching(/not asked|nvalid/),
    });
    expect(asked[0]).toBe(metadataPath);
  });

  test('believes only the server itself about who guards it', async () => {
    const stranger = await startHttpServer({});
    opened.push(stranger);
    const challenge = `Bearer resource_metadata="${stranger.url}"`;
    const { client, asked } = await guarded({}, { challenge });
    await expect(client.connect()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(stranger.requests).toEqual([]);
    expect(asked).toContain(metadataPath);
  });

  test('is left to a provider of the official client, whose token is sent', async () => {
    const provider = {
      tokens: () => ({ access_token: 'good', token_type: 'Bearer' }),
    } as unknown as OAuthClientProvider; // Nothing else is needed while its token serves.
    const { client, asked } = await guarded({ provider });
    expect(await client.connect()).toMatchObject({ name: 'g' });
    expect(asked).toEqual([]);
  });

  test('is not begun when the call says itself who calls', async () => {
    const { client, asked } = await guarded({
      redirectToAuthorization: () => {
        throw new Error('nobody should be asked');
      },
      store: { get: () => ({ tokens: { access_token: 'good', token_type: 'Bearer' } }), set: () => {} },
    });
    await client.connect();
    await client.callTool('any', {}, { headers: { authorization: 'Bearer other' }, timeoutMs: 300 }).catch(() => {});
    expect(asked.filter((path) => path !== '/mcp')).toEqual([]);
  });

  test('shows no token and no secret when it fails', async () => {
    const tokens = { access_token: 'canary-access', refresh_token: 'canary-refresh', token_type: 'Bearer' };
    const reports: unknown[] = [];
    const { client, server } = await guarded(
      {
        clientId: 'a',
        clientSecret: 'canary-secret',
        expectedIssuer: 'http://127.0.0.1:1',
        store: { get: () => ({ tokens: { ...tokens, issuer: 'http://127.0.0.1:1' } }), set: () => {} },
      },
      {
        metadata: { [metadataPath]: () => ({ resource: server.url, authorization_servers: ['http://127.0.0.1:1'] }) },
        onReport: (report) => reports.push(report),
      },
    );
    const error: unknown = await client.connect().catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('Cannot log in') });
    const shown = [
      String(error),
      JSON.stringify(error),
      inspect(error, { depth: 9, showHidden: true }),
      inspect(client),
    ];
    expect([...shown, JSON.stringify(reports)].join()).not.toContain('canary');
  });

  test('is not begun to end a session', async () => {
    const pages: URL[] = [];
    const { client, server, asked } = await guarded(
      {
        redirectToAuthorization: (page) => void pages.push(page),
        store: { get: () => ({ tokens: { access_token: 'good', token_type: 'Bearer' } }), set: () => {} },
      },
      { sessionId: 'one' },
    );
    await client.connect();
    await client.close();
    expect(server.requests.at(-1)?.http).toBe('DELETE');
    expect([pages, asked.filter((path) => path !== '/mcp')]).toEqual([[], []]);
  });

  test.each<{ name: string; oauth: unknown }>([
    { name: 'no issuer', oauth: { grant: 'client_credentials', clientId: 'a', clientSecret: 'b' } },
    {
      name: 'nothing to show',
      oauth: { grant: 'client_credentials', clientId: 'a', expectedIssuer: 'https://b.example' },
    },
    { name: 'no statement', oauth: { grant: 'jwt_bearer', clientId: 'a', expectedIssuer: 'https://b.example' } },
  ])('of a program with $name is refused before anything is sent', async ({ oauth }) => {
    const { client, asked } = await guarded(oauth as OAuthOptions);
    await expect(client.connect()).rejects.toMatchObject({ code: 'config-invalid' });
    expect(asked).toEqual([]);
  });
});
