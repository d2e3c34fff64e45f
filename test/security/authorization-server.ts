import { createHash } from 'node:crypto';
import { startRawHttpServer, type Answer, type RawHttpServer } from '../servers/raw-http-server.ts';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An authorization server that does what a test wants of it, and keeps what it was sent. */
export interface AuthorizationServer extends AsyncDisposable {
  readonly issuer: string;
  /** What it says of itself; a test may change it. */
  readonly metadata: Record<string, unknown>;
  /** The forms that came to the token endpoint. */
  readonly tokenRequests: Record<string, string>[];
  /** Every path that was asked. */
  readonly asked: string[];
  /** Where a browser ends that a person has logged in with. */
  browse(page: URL, more?: Record<string, string | undefined>): URL;
}

/** Starts one that gives the token `good-NAME` for a code whose verifier fits. */
export async function startAuthorizationServer(name: string): Promise<AuthorizationServer> {
  const challenges = new Map<string, string>();
  const tokenRequests: Record<string, string>[] = [];
  const asked: string[] = [];
  const answers: Record<string, (request: IncomingMessage) => unknown> = {
    '/.well-known/oauth-authorization-server': () => metadata,
    '/register': async (request) => ({
      ...(JSON.parse(await text(request)) as object),
      client_id: `client-of-${name}`,
    }),
    async '/token'(request) {
      const form = Object.fromEntries(new URLSearchParams(await text(request)));
      tokenRequests.push(form);
      const fits = createHash('sha256')
        .update(form['code_verifier'] ?? '')
        .digest('base64url');
      const isGood = form['grant_type'] === 'refresh_token' || challenges.get(form['code'] ?? '') === fits;
      const tokens = {
        access_token: `good-${name}`,
        token_type: 'Bearer',
        refresh_token: `refresh-of-${name}`,
        expires_in: 3600,
      };
      return isGood ? tokens : { error: 'invalid_grant' };
    },
  };
  const server = createServer(async (request, response) => {
    asked.push(request.url ?? '');
    const answer: unknown = await answers[request.url ?? '']?.(request);
    const isError = answer === undefined || 'error' in Object(answer);
    response.writeHead(answer === undefined ? 404 : isError ? 400 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // It listens on a port.
  const metadata: Record<string, unknown> = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    registration_endpoint: `${issuer}/register`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
    authorization_response_iss_parameter_supported: true,
  };
  return {
    issuer,
    metadata,
    tokenRequests,
    asked,
    browse(page, more = {}) {
      const code = `code-${challenges.size + 1}`;
      challenges.set(code, page.searchParams.get('code_challenge') ?? '');
      const back = new URL(page.searchParams.get('redirect_uri') ?? '');
      const given = { code, state: page.searchParams.get('state') ?? '', iss: issuer, ...more };
      for (const [key, value] of Object.entries(given)) if (value !== undefined) back.searchParams.set(key, value);
      return back;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export interface GuardedServer extends RawHttpServer {
  /** What it says of who guards it; a test may change it. */
  readonly resource: { authorization_servers: string[]; scopes_supported?: string[] };
  /** The tokens that it takes. */
  readonly taken: Set<string>;
  /** Every path that was asked by GET. */
  readonly asked: string[];
}

/** An MCP server that wants a token, and says who gives it. */
export async function startGuardedServer(issuers: readonly string[], challenge = 'Bearer'): Promise<GuardedServer> {
  const resource: GuardedServer['resource'] & { resource: string } = {
    resource: '',
    authorization_servers: [...issuers],
  };
  const taken = new Set(['good-one', 'good-two']);
  const asked: string[] = [];
  const guard =
    (answer: Answer): Answer =>
    (exchange) => {
      const token = /^Bearer (.*)$/.exec(exchange.request.headers.authorization ?? '')?.[1] ?? '';
      if (taken.has(token)) answer(exchange);
      else exchange.json({}, 401, { 'www-authenticate': challenge });
    };
  const server = await startRawHttpServer({
    initialize: guard(({ result }) =>
      result({
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'guarded', version: '1' },
      }),
    ),
    'tools/call': guard(({ result }) => result({ content: [] })),
    GET: ({ request, json }) => {
      asked.push(request.url ?? '');
      const isMetadata = request.url === '/.well-known/oauth-protected-resource/mcp';
      json(isMetadata ? resource : {}, isMetadata ? 200 : 404);
    },
  });
  resource.resource = server.url;
  return Object.assign(server, { resource, taken, asked });
}
