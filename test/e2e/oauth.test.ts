import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { McpClient, type ClientOptions } from '@toolwire/client-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fileTokenStore } from '../../packages/client-core/src/auth/file-token-store.ts';
import { logIn } from '../../packages/client-core/src/auth/log-in.ts';
import { memoryTokenStore } from '../../packages/client-core/src/auth/token-store.ts';
import { loadProvider, machine, startGuarded, type Guarded } from './oauth-harness.ts';

const OidcProvider = await loadProvider();
const title = OidcProvider === undefined ? ' (skipped: the package oidc-provider is not installed)' : '';
const legacy = { protocolVersion: '2025-11-25' } as const;
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

describe.skipIf(OidcProvider === undefined)(`a server that oidc-provider guards${title}`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'toolwire-oauth-'));
    for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockImplementation(() => {}); // It lectures.
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await rm(folder, { recursive: true, force: true });
  });

  async function guarded(): Promise<Guarded> {
    if (OidcProvider === undefined) throw new Error('skipped');
    return startGuarded(OidcProvider, [publicKey.export({ format: 'jwk' })]);
  }

  function clientOf(server: Guarded, oauth: ClientOptions['oauth']): McpClient {
    return new McpClient(server.url, { ...legacy, ...(oauth !== undefined && { oauth }) });
  }

  test('is called after a person has logged in: the browser comes back to 127.0.0.1', async () => {
    await using server = await guarded();
    const pages: URL[] = [];
    await using client = clientOf(server, {
      redirectToAuthorization: async (page) => {
        pages.push(page);
        await fetch(await server.browse(page));
      },
    });
    expect(await client.listTools()).toHaveLength(1);
    expect(server.grants).toEqual(['authorization_code']);
    const asked = Object.fromEntries(pages[0]?.searchParams ?? []);
    expect(asked).toMatchObject({ code_challenge_method: 'S256', resource: server.url });
    expect(asked['redirect_uri']).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
  });

  test('is called after a person has pasted where the browser ended, or the code alone', async () => {
    await using server = await guarded();
    await using client = clientOf(server, { redirectToAuthorization: (page) => server.browse(page) });
    expect(await client.listTools()).toHaveLength(1);
    await using other = clientOf(server, {
      redirectToAuthorization: async (page) => (await server.browse(page)).searchParams.get('code') ?? '',
    });
    // This authorization server names itself in its answers (RFC 9207), which a bare code leaves out.
    await expect(other.listTools()).rejects.toThrow(/Issuer mismatch/);
  });

  test('is called after a person who takes longer than the probe for its revision', async () => {
    await using server = await guarded();
    await using client = new McpClient(server.url, {
      probeTimeoutMs: 50,
      oauth: {
        redirectToAuthorization: async (page) => {
          await sleep(300);
          return server.browse(page);
        },
      },
    });
    expect(await client.listTools()).toHaveLength(1);
    expect(server.grants).toEqual(['authorization_code']);
  });

  test('tells why a person was not let in', async () => {
    await using server = await guarded();
    await using client = clientOf(server, { redirectToAuthorization: (page) => server.browse(page, 'no') });
    await expect(client.listTools()).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('The login was refused: access_denied'),
    });
  });

  test('asks for one new token when many calls find the old one expired', async () => {
    await using server = await guarded();
    await using client = clientOf(server, {
      scope: 'mcp:read mcp:call',
      redirectToAuthorization: (page) => server.browse(page),
    });
    await client.listTools();
    await server.expireTokens();
    const results = await Promise.all(Array.from({ length: 20 }, () => client.callTool('greet')));
    expect(results.map((result) => result.text())).toEqual(Array.from({ length: 20 }, () => 'hello'));
    expect(server.grants).toEqual(['authorization_code', 'refresh_token']);
    expect(server.answered.filter((method) => method === 'tools/call')).toHaveLength(20);
  });

  test('asks the person again for a scope that a call needs, and keeps those that were given', async () => {
    await using server = await guarded();
    const scopes: (string | null)[] = [];
    await using client = clientOf(server, {
      redirectToAuthorization: (page) => {
        scopes.push(page.searchParams.get('scope'));
        return server.browse(page);
      },
    });
    await client.listTools();
    expect((await client.callTool('greet')).text()).toBe('hello');
    expect(scopes).toEqual(['mcp:read offline_access', expect.stringMatching(/mcp:read.*mcp:call/)]);
  });

  test.each([
    { name: 'store of files, as two processes have it', storeOf: () => fileTokenStore(join(folder, 'tokens')) },
    {
      name: 'store in memory',
      storeOf: (
        (store) => () =>
          store
      )(memoryTokenStore()),
    },
  ])('is called with one login by two clients, of which one renews it: $name', async ({ storeOf }) => {
    await using server = await guarded();
    const redirectToAuthorization = (page: URL): Promise<URL> => server.browse(page);
    await using first = clientOf(server, { redirectToAuthorization, store: storeOf() });
    await using second = clientOf(server, { store: storeOf() });
    await first.listTools();
    expect(await second.listTools()).toHaveLength(1);
    await server.expireTokens();
    await Promise.all([first.listTools(), second.listTools()]);
    expect(server.grants).toEqual(['authorization_code', 'refresh_token']);
  });

  test('is called without a person by clients that share the store of who has logged in ahead', async () => {
    await using server = await guarded();
    const store = memoryTokenStore();
    const redirectToAuthorization = (page: URL): Promise<URL> => server.browse(page);
    await logIn(server.url, { store, redirectToAuthorization });
    await logIn(server.url, { store }); // Nobody is asked again.
    await using client = clientOf(server, { store });
    expect(await client.listTools()).toHaveLength(1);
    expect(server.grants).toEqual(['authorization_code']);
    await store.set(server.url, undefined);
    await expect(logIn(server.url, { store })).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test('wants a login when there is nobody to ask', async () => {
    await using server = await guarded();
    await using client = clientOf(server, { store: memoryTokenStore() });
    await expect(client.listTools()).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('redirectToAuthorization'),
    });
  });

  const machines: { name: string; oauth: (issuer: string) => NonNullable<ClientOptions['oauth']> }[] = [
    {
      name: 'a secret',
      oauth: (expectedIssuer) => ({ grant: 'client_credentials', ...machine, expectedIssuer }),
    },
    {
      name: 'a key',
      oauth: (expectedIssuer) => ({
        grant: 'client_credentials',
        clientId: 'machine-with-key',
        privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
        algorithm: 'ES256',
        expectedIssuer,
      }),
    },
  ];

  test.each(machines)('is called by a program with $name, also for more', async ({ oauth }) => {
    await using server = await guarded();
    await using client = clientOf(server, oauth(server.issuer));
    await client.listTools();
    expect((await client.callTool('greet')).text()).toBe('hello');
    expect(server.grants).toEqual(['client_credentials', 'client_credentials']);
  });

  test('never sees the secret of a program that belongs to another authorization server', async () => {
    await using server = await guarded();
    await using client = clientOf(server, {
      grant: 'client_credentials',
      ...machine,
      expectedIssuer: 'http://127.0.0.1:1',
    });
    const error: unknown = await client.listTools().catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('mismatch') });
    expect(JSON.stringify(error) + String(error)).not.toContain(machine.clientSecret);
    expect(server.grants).toEqual([]);
  });
});
