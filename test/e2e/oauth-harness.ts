import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is used of oidc-provider, which has no types of its own. */
interface Provider {
  callback(): RequestListener;
  on(event: 'grant.success', listener: (context: { oidc: { params: { grant_type: string } } }) => void): void;
  interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
  interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
  /** Tokens of people, and of programs. */
  AccessToken: { find(token: string): Promise<AccessToken | undefined> };
  ClientCredentials: { find(token: string): Promise<AccessToken | undefined> };
  Grant: new (of: object) => {
    addOIDCScope(scope: string): void;
    addResourceScope(resource: string, scope: string): void;
    save(): Promise<string>;
  };
}

interface Interaction {
  prompt: { name: string };
  params: { client_id: string; scope?: string; resource?: string };
  session?: { accountId: string };
}

interface AccessToken {
  aud: string;
  scope?: string;
  destroy(): Promise<void>;
}

type ProviderClass = new (issuer: string, configuration: object) => Provider;

/** oidc-provider, or `undefined` when it is not installed. */
export async function loadProvider(): Promise<ProviderClass | undefined> {
  const name = 'oidc-provider'; // Not a literal: it has no types, and may be absent.
  try {
    return ((await import(name)) as { default: ProviderClass }).default;
  } catch {
    return undefined;
  }
}

/** An MCP server, the authorization server that guards it, and the person who logs in there. */
export interface Guarded extends AsyncDisposable {
  readonly url: string;
  readonly issuer: string;
  /** The grants of tokens that were given so far, in order. */
  readonly grants: string[];
  /** The MCP methods that were answered, in order. */
  readonly answered: string[];
  /** Forgets every access token, as if it had expired. */
  expireTokens(): Promise<void>;
  /** What a browser with a person does: logs in and agrees, or says no; ends where it is sent back to. */
  browse(page: URL, says?: 'yes' | 'no'): Promise<URL>;
}

export const machine = { clientId: 'machine', clientSecret: 'a-secret-of-the-machine' };

/** Starts both servers; a tool call needs the scope `mcp:call`, everything else `mcp:read`. */
export async function startGuarded(OidcProvider: ProviderClass, keys: readonly object[] = []): Promise<Guarded> {
  let answer: 'yes' | 'no' = 'yes';
  const tokens = new Set<AccessToken>();
  const [grants, answered]: [string[], string[]] = [[], []];
  const authorization = await listen((request, response) => void serveLogin(request, response));
  const server = await listen((request, response) => void serveMcp(request, response));
  const url = `${server.origin}/mcp`;
  const grantTypes = { grant_types: ['client_credentials'], redirect_uris: [], response_types: [] };
  const provider = new OidcProvider(authorization.origin, {
    clients: [
      { client_id: machine.clientId, client_secret: machine.clientSecret, ...grantTypes },
      {
        client_id: 'machine-with-key',
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys },
        ...grantTypes,
      },
    ],
    scopes: ['openid', 'offline_access', 'mcp:read', 'mcp:call'],
    clientAuthMethods: ['none', 'client_secret_basic', 'private_key_jwt'],
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: 'mcp:read mcp:call', audience: url, accessTokenFormat: 'opaque' }),
      },
    },
    interactions: { url: () => '/interaction' },
    cookies: { keys: ['a key that signs cookies'] },
  });
  provider.on('grant.success', (context) => void grants.push(context.oidc.params.grant_type));
  const callback = provider.callback();

  async function serveLogin(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url !== '/interaction') return callback(request, response);
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (answer === 'no') return provider.interactionFinished(request, response, { error: 'access_denied' });
    if (prompt.name === 'login')
      return provider.interactionFinished(request, response, { login: { accountId: 'a-person' } });
    const grant = new provider.Grant({ accountId: session?.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope ?? '');
    grant.addResourceScope(params.resource ?? '', params.scope ?? '');
    return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
  }

  async function serveMcp(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const json = (status: number, value: object, headers: Record<string, string> = {}): void =>
      void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
    if (request.url === '/.well-known/oauth-protected-resource/mcp')
      return json(200, {
        resource: url,
        authorization_servers: [authorization.origin],
        scopes_supported: ['mcp:read'],
      });
    if (request.method !== 'POST' || request.url !== '/mcp') return json(404, {});
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
    const { id, method } = JSON.parse(body) as { id?: number; method: string };
    const shown = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const token = (await provider.AccessToken.find(shown)) ?? (await provider.ClientCredentials.find(shown));
    if (token?.aud !== url) return json(401, {}, { 'www-authenticate': 'Bearer error="invalid_token"' });
    tokens.add(token);
    const needed = method === 'tools/call' ? 'mcp:call' : 'mcp:read';
    if (token.scope?.split(' ').includes(needed) !== true) {
      return json(403, {}, { 'www-authenticate': `Bearer error="insufficient_scope", scope="${needed}"` });
    }
    answered.push(method);
    if (id === undefined) return void response.writeHead(202).end();
    const results: Record<string, object> = {
      initialize: {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'g', version: '1' },
      },
      'tools/list': { tools: [{ name: 'greet', inputSchema: { type: 'object' } }] },
      'tools/call': { content: [{ type: 'text', text: 'hello' }] },
    };
    return json(200, { jsonrpc: '2.0', id, result: results[method] ?? {} });
  }

  return {
    url,
    issuer: authorization.origin,
    grants,
    answered,
    expireTokens: async () => {
      for (const token of tokens) await token.destroy();
      tokens.clear();
    },
    browse: async (page, says = 'yes') => {
      answer = says;
      return browse(page, authorization.origin);
    },
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await authorization.close();
    },
  };
}

/** Follows redirects, with cookies, until they lead away from the authorization server. */
async function browse(page: URL, origin: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = page;
  while (url.origin === origin) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${url.pathname}: ${response.status} ${await response.text()}`);
    url = new URL(location, url);
  }
  return url;
}

async function listen(listener: RequestListener): Promise<{ origin: string; close: () => Promise<void> }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // A server that listens on a port has one.
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { origin: `http://127.0.0.1:${port}`, close };
}
