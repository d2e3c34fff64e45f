import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { McpClient, memoryTokenStore, openBrowser, type ClientOptions, type OAuthOptions } from '@toolwire/client-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { listenForCallback } from '../../packages/client-core/src/auth/callback.ts';
import { guardedFetch } from '../../packages/client-core/src/auth/guarded-fetch.ts';
import { temporaryDirectory } from '../servers/launch.ts';
import { startRawHttpServer } from '../servers/raw-http-server.ts';
import {
  startAuthorizationServer,
  startGuardedServer,
  type AuthorizationServer,
  type GuardedServer,
} from './authorization-server.ts';

const legacy: ClientOptions = { protocolVersion: '2025-11-25', connectTimeoutMs: 5000, attempts: 1 };

let authority: AuthorizationServer;
let server: GuardedServer;

beforeEach(async () => {
  authority = await startAuthorizationServer('one');
  server = await startGuardedServer([authority.issuer]);
});
afterEach(async () => {
  await server.close();
  await authority[Symbol.asyncDispose]();
});

/** What connecting comes to: the pages that a person was sent to, and the failure if there is one. */
async function logInBy(
  oauth: OAuthOptions & { redirectToAuthorization?: (page: URL) => URL | string | Promise<void> },
  guarded = server,
): Promise<{ pages: URL[]; failure: Error | undefined }> {
  const pages: URL[] = [];
  const { redirectToAuthorization: redirect = (page: URL) => authority.browse(page) } = oauth;
  const options = {
    ...legacy,
    oauth: { ...oauth, redirectToAuthorization: (page: URL) => (pages.push(page), redirect(page)) },
  };
  await using client = new McpClient(guarded.url, options);
  const failure = await client.connect().then(
    () => undefined,
    (error: unknown) => error as Error,
  ); // Our own errors.
  return { pages, failure };
}

describe('row 3', () => {
  const inside = [
    'https://169.254.169.254',
    'https://[::ffff:169.254.169.254]',
    'https://[::ffff:a9fe:a9fe]',
    'https://0251.0376.0251.0376',
    'https://0xa9fea9fe',
    'https://2852039166',
    'https://10.0.0.1',
    'https://192.168.1.1',
    'https://[fd00:ec2::254]',
    'https://[fe80::1]',
    'https://[64:ff9b::a9fe:a9fe]',
    'https://0.0.0.0',
    'http://169.254.169.254',
    'http://example.com',
    'file:///etc/passwd',
  ];

  test.each(inside)('row 3: an authorization server at %s is not asked', async (issuer) => {
    server.resource.authorization_servers = [issuer];
    const { pages, failure } = await logInBy({});
    expect(failure).toMatchObject({ code: 'unauthorized' });
    expect(String(failure)).toMatch(/not asked|invalid|URL/i);
    expect(pages).toEqual([]);
  });

  test.each(['token_endpoint', 'registration_endpoint'])('row 3: neither is a %s that it names', async (endpoint) => {
    for (const address of ['https://169.254.169.254/x', 'https://10.0.0.1/x', 'http://example.com/x']) {
      authority.metadata[endpoint] = address;
      const { failure } = await logInBy({});
      expect(failure?.message).toMatch(/not asked|Refusing to send/);
    }
    expect(authority.tokenRequests).toEqual([]);
  });

  test('row 3: only the server itself says who guards it', async () => {
    await using stranger = await startRawHttpServer({});
    await using lured = await startGuardedServer([authority.issuer], `Bearer resource_metadata="${stranger.url}"`);
    expect((await logInBy({}, lured)).failure).toBeUndefined();
    expect(stranger.requests).toEqual([]);
    expect(lured.asked).toContain('/.well-known/oauth-protected-resource/mcp');
  });

  test('row 3: a name that leads inside is refused after it was looked up, and a second look changes nothing', async () => {
    const trusted = [new URL('https://mcp.example/mcp')];
    let looks = 0;
    const lookUp = async () => [{ address: looks++ === 0 ? '127.0.0.1' : '93.184.216.34', family: 4 }];
    const ask = guardedFetch({ trusted, lookUp });
    await expect(ask('https://rebinding.example/')).rejects.toThrow(/leads to this machine: not asked/);
    expect(looks).toBe(1);
    const inner = async () => [{ address: '10.1.2.3', family: 4 }];
    await expect(guardedFetch({ trusted, lookUp: inner })('https://x.example/')).rejects.toThrow(/private address/);
  });

  test('row 3: allowPrivateAddresses opens private addresses, and no others', async () => {
    const trusted = [new URL('https://mcp.example/mcp')];
    const lookUp = async () => [{ address: '10.255.255.1', family: 4 }];
    const given = vi.fn<typeof fetch>(async () => new Response('{}'));
    const ask = guardedFetch({ trusted, lookUp, allowPrivateAddresses: true, fetch: given });
    await ask('https://inner.example/');
    expect(given).toHaveBeenCalledOnce();
    for (const address of ['http://inner.example/', 'https://127.0.0.1/', 'https://localhost/'])
      await expect(ask(address)).rejects.toThrow(/not asked/);
  });
});

describe('row 16', () => {
  test('row 16: a login is proved by PKCE with S256, and never without', async () => {
    const { pages, failure } = await logInBy({});
    expect(failure).toBeUndefined();
    expect(pages[0]?.searchParams.get('code_challenge_method')).toBe('S256');
    expect(pages[0]?.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    expect(authority.tokenRequests[0]).toMatchObject({ grant_type: 'authorization_code', resource: server.url });
    for (const methods of [['plain'], []]) {
      authority.metadata['code_challenge_methods_supported'] = methods;
      const refused = await logInBy({});
      expect(refused.failure).toMatchObject({ code: 'unauthorized' });
      expect(refused.pages).toEqual([]);
    }
  });

  test.each<[string, Record<string, string | undefined>]>([
    ['another state', { state: 'guessed' }],
    ['no state', { state: undefined }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['an issuer that differs in a slash', { iss: 'ISSUER/' }],
    ['no issuer, although it names itself as a rule', { iss: undefined }],
  ])('row 16: a browser that comes back with %s brings no token', async (_what, more) => {
    const given = { ...more, ...(more['iss'] === 'ISSUER/' && { iss: `${authority.issuer}/` }) };
    const { failure } = await logInBy({
      redirectToAuthorization: (page) => {
        const back = authority.browse(page, given);
        if ('state' in more && more['state'] === undefined) back.searchParams.delete('state');
        return back;
      },
    });
    expect(failure).toMatchObject({ code: 'unauthorized' });
    expect(authority.tokenRequests).toEqual([]);
  });

  test('row 16: metadata of another issuer than was asked is refused', async () => {
    authority.metadata['issuer'] = 'https://evil.example';
    const { pages, failure } = await logInBy({});
    expect(failure).toMatchObject({ code: 'unauthorized' });
    expect(pages).toEqual([]);
  });

  test('row 16: what one authorization server gave is not shown to the next', async () => {
    const store = memoryTokenStore();
    expect((await logInBy({ store })).failure).toBeUndefined();
    await using evil = await startAuthorizationServer('two');
    server.taken.delete('good-one');
    server.resource.authorization_servers = [evil.issuer];
    const moved = await logInBy({ store, redirectToAuthorization: (page) => evil.browse(page) });
    expect(moved.failure).toBeUndefined();
    expect(JSON.stringify(evil.tokenRequests)).not.toMatch(/of-one|good-one/);
    expect(evil.tokenRequests[0]).toMatchObject({ client_id: 'client-of-two' });
  });

  test('row 16: a client that nobody logs in with registers nowhere', async () => {
    await using client = new McpClient(server.url, { ...legacy, oauth: { store: memoryTokenStore() } });
    await expect(client.connect()).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringMatching(/a person has to log in/),
    });
    expect(authority.asked).not.toContain('/register');
  });

  test('row 16: a person is asked once, for what the server wants and what the program wants besides', async () => {
    server.resource.scopes_supported = ['mcp:read'];
    const { pages, failure } = await logInBy({ scope: 'mcp:call' });
    expect(failure).toBeUndefined();
    expect(pages.map((page) => page.searchParams.get('scope')?.split(' ').toSorted())).toEqual([
      ['mcp:call', 'mcp:read'],
    ]);
  });

  test('row 16: a secret goes to the issuer it belongs to, and needs one', async () => {
    const secret = { clientId: 'me', clientSecret: 'canary-secret-7f3a9c' };
    await using evil = await startAuthorizationServer('two');
    server.resource.authorization_servers = [evil.issuer];
    const { failure } = await logInBy({ ...secret, expectedIssuer: authority.issuer });
    expect(failure).toBeInstanceOf(Error);
    expect(evil.tokenRequests).toEqual([]);
    expect((await logInBy(secret)).failure).toMatchObject({ code: 'config-invalid' });
  });
});

describe('row 17', () => {
  test('row 17: the browser comes back to a free port of 127.0.0.1, once, to its path and with its state', async () => {
    const statuses: number[] = [];
    const visit = async (url: URL, method = 'GET'): Promise<void> =>
      void statuses.push((await fetch(url, { method })).status);
    const { pages, failure } = await logInBy({
      redirectToAuthorization: async (page) => {
        const back = authority.browse(page);
        const otherPath = new URL(back);
        otherPath.pathname = '/other';
        const otherState = new URL(back);
        otherState.searchParams.set('state', 'guessed');
        const noState = new URL(back);
        noState.searchParams.delete('state');
        for (const url of [otherPath, otherState, noState]) await visit(url);
        await visit(back, 'POST');
        await visit(back);
        await expect(fetch(back)).rejects.toThrow();
      },
    });
    expect(failure).toBeUndefined();
    expect(statuses).toEqual([404, 400, 400, 404, 200]);
    expect(authority.tokenRequests).toHaveLength(1);
    expect(pages[0]?.searchParams.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
  });

  test('row 17: it closes when nobody comes within 5 minutes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const callback = await listenForCallback('a-state');
      const failing = expect(callback.answer).rejects.toThrow(/within 5 minutes/);
      await vi.advanceTimersByTimeAsync(5 * 60_000);
      await failing;
      await expect(fetch(callback.redirectUrl)).rejects.toThrow();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('row 18', () => {
  test.each(['javascript:alert(1)', 'file:///etc/passwd', 'data:text/html,x', 'vbscript:x', '--help', 'ms-settings:x'])(
    'row 18: %s is neither opened nor handed on',
    async (endpoint) => {
      await expect(openBrowser(endpoint)).rejects.toThrow();
      authority.metadata['authorization_endpoint'] = endpoint;
      const { pages, failure } = await logInBy({});
      expect(failure).toMatchObject({ code: 'unauthorized' });
      expect(pages).toEqual([]);
    },
  );

  test.skipIf(process.platform !== 'linux')('row 18: no shell sees the URL, which is one argument', async () => {
    await using folder = await temporaryDirectory();
    const seen = join(folder.path, 'seen');
    await writeFile(
      join(folder.path, 'xdg-open'),
      `#!/bin/sh\nprintf '%s|' "$#" "$@" > ${seen}.new && mv ${seen}.new ${seen}\n`,
    );
    await chmod(join(folder.path, 'xdg-open'), 0o755);
    vi.stubEnv('PATH', `${folder.path}:${process.env['PATH']}`);
    try {
      const page = 'https://as.example/authorize?a=$(touch pwned)&b=`id`;id|id -x';
      await openBrowser(page);
      const handed = await vi.waitFor(() => readFile(seen, 'utf8'), { timeout: 10_000 });
      expect(handed).toBe(`1|${new URL(page).href}|`);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
