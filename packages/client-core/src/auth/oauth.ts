import type { AuthOptions, FetchLike } from '@modelcontextprotocol/client';
import { AuthError, isMcpError, McpError } from '../errors.ts';
import { excerpt } from '../protocol/excerpt.ts';
import { abortable } from '../signals.ts';
import { isReadable } from '../transports/credentials.ts';
import type { NetworkOptions } from '../transports/http-endpoint.ts';
import type { HttpRequest, HttpResponse } from '../transports/http-exchange.ts';
import { authorizationCodeFlow } from './authorization-code.ts';
import type { Authorize } from './authorize.ts';
import { unattended, type Flow, type OfficialClient } from './flow.ts';
import { guardedFetch } from './guarded-fetch.ts';
import type { OAuthOptions } from './oauth-options.ts';
import { loginKey } from './token-store.ts';
import { isUnattended, unattendedFlow, type UnattendedOptions } from './unattended-flow.ts';

/** Requests carry the token that there is; a refusal is answered with a login, one for all that were refused. */
export function oauthAuthorize(server: URL, options: OAuthOptions, network: NetworkOptions = {}): Authorize {
  if (isReadable(server) && network.allowInsecureHttp !== true) {
    const text = `oauth needs an https: URL: everybody on the way to ${server.origin} could read the token; or set allowInsecureHttp`;
    throw new McpError('config-invalid', text, { delivered: 'no' });
  }
  const login = new Login(server, options, network);
  return async (request, send) => {
    const met = new Set<RefusalKind>();
    for (;;) {
      const { token, headers } = await login.credential(request);
      const response = await send(headers);
      await login.observe(response, request.url);
      const kind = refusalKind(response);
      // Nobody logs in to say goodbye.
      if (kind === undefined || met.has(kind) || request.method === 'DELETE') return response;
      met.add(kind);
      const refusal = { kind, token, challenge: response.header('www-authenticate') };
      if (kind === 'scope' && !(await login.canAskForMore(refusal))) return response;
      response.cancel();
      if (kind !== 'nonce') await abortable(login.renew(refusal), request.signal);
    }
  };
}

/** A token that a server did not take, or that was missing. */
interface Refusal {
  kind: RefusalKind;
  token: string | undefined;
  /** What the server said about it: WWW-Authenticate. */
  challenge: string | undefined;
}

/** Why a server refuses a request that may pass with another credential. */
type RefusalKind = 'token' | 'scope' | 'nonce';

function refusalKind(response: HttpResponse): RefusalKind | undefined {
  const challenge = response.header('www-authenticate') ?? '';
  if (response.status === 403) return /error="?insufficient_scope/.test(challenge) ? 'scope' : undefined;
  if (response.status !== 401) return undefined;
  const isNonce = /use_dpop_nonce/i.test(challenge) && response.header('dpop-nonce') !== undefined;
  return isNonce ? 'nonce' : 'token';
}

interface Credential {
  token: string | undefined;
  headers: Record<string, string>;
}

/** The login of one client at one server. */
class Login {
  readonly #server: URL;
  readonly #options: OAuthOptions;
  readonly #fetch: FetchLike;
  #flow: Flow | undefined;
  #unattended: UnattendedOptions | undefined;
  #renewal: Promise<void> | undefined;
  /** All scopes that were asked for so far. */
  #scope: string | undefined;

  constructor(server: URL, options: OAuthOptions, network: NetworkOptions) {
    this.#server = new URL(loginKey(server));
    this.#options = options;
    const { allowPrivateAddresses } = options;
    this.#fetch = guardedFetch({
      trusted: [this.#server, ...namedIn(options)],
      allowPrivateAddresses,
      ...network,
    });
    // The others wait for the official client: they have no token before a first refusal.
    if ('provider' in options) this.#flow = unattended(options.provider, finishElsewhere);
    else if (!isUnattended(options)) this.#flow = authorizationCodeFlow(this.#server, options);
    else this.#unattended = options;
  }

  async credential(request: Pick<HttpRequest, 'method' | 'url'>): Promise<Credential> {
    const tokens = await this.#flow?.provider.tokens();
    if (tokens === undefined) return { token: undefined, headers: {} };
    const { access_token: token, token_type: type } = tokens;
    const session = type.toLowerCase() === 'dpop' ? await this.#flow?.provider.dpop?.() : undefined;
    if (session === undefined) return { token, headers: { authorization: `Bearer ${token}` } };
    const proof = await session.buildProof({ htm: request.method, htu: request.url, accessToken: token });
    return { token, headers: { authorization: `DPoP ${token}`, dpop: proof } };
  }

  /** A nonce may come with any answer. */
  async observe(response: HttpResponse, url: URL): Promise<void> {
    const nonce = response.header('dpop-nonce');
    if (nonce !== undefined) (await this.#flow?.provider.dpop?.())?.rememberNonce(url, nonce);
  }

  /** A scope that was asked for and not given is not asked for again. */
  async canAskForMore({ token, challenge }: Refusal): Promise<boolean> {
    const official = await loadOfficial();
    const tokens = await this.#flow?.provider.tokens();
    if (tokens?.access_token !== token) return true;
    const asked = official.computeScopeUnion(this.#scope, tokens?.scope);
    return official.isStrictScopeSuperset(readChallenge(official, challenge).scope, asked);
  }

  /** Gets another token than the one that was refused; calls that were refused at the same time wait for the same. */
  renew(refusal: Refusal): Promise<void> {
    this.#renewal ??= this.#renew(refusal).finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  async #renew(refusal: Refusal): Promise<void> {
    const official = await loadOfficial();
    try {
      this.#flow ??= this.#unattended && unattendedFlow(official, this.#unattended, this.#fetch);
      if (this.#flow !== undefined) await this.#logIn(official, this.#flow, refusal);
    } catch (error) {
      throw explained(error, this.#server, refusal.challenge);
    }
  }

  async #logIn(official: OfficialClient, flow: Flow, refusal: Refusal): Promise<void> {
    const { scope, resourceMetadataUrl } = readChallenge(official, refusal.challenge);
    // Only the server itself may say who guards it.
    const metadata = resourceMetadataUrl?.origin === this.#server.origin ? { resourceMetadataUrl } : {};
    const ask = (more: Pick<AuthOptions, 'authorizationCode' | 'iss' | 'forceReauthorization'>): Promise<string> =>
      official.auth(flow.provider, {
        serverUrl: this.#server,
        ...(this.#scope !== undefined && { scope: this.#scope }),
        ...metadata,
        fetchFn: this.#fetch,
        ...more,
      });
    try {
      const outcome = await flow.exclusively(async () => {
        await flow.begin();
        const tokens = await flow.provider.tokens();
        if (tokens !== undefined && tokens.access_token !== refusal.token) return 'AUTHORIZED'; // Another has renewed it.
        const wanted = 'scope' in this.#options ? this.#options.scope : undefined;
        const granted = refusal.kind === 'scope' ? tokens?.scope : undefined;
        const isSilent = scope === undefined && this.#scope === undefined;
        const mustLook = isSilent && wanted !== undefined && this.#unattended === undefined;
        const named = mustLook ? await this.#supportedScopes(official, metadata) : scope;
        this.#scope = official.computeScopeUnion(this.#scope, granted, wanted, named);
        const isMore = refusal.kind === 'scope' && official.isStrictScopeSuperset(this.#scope, tokens?.scope);
        if (isMore) flow.askFor(this.#scope ?? '');
        return ask({ forceReauthorization: isMore });
      });
      if (outcome === 'AUTHORIZED') return;
      const { code, iss } = await flow.answer();
      await flow.exclusively(() => ask({ authorizationCode: code, ...(iss !== undefined && { iss }) }));
    } finally {
      flow.end();
    }
  }

  /** The official client asks for these by itself only where nobody wants others. */
  async #supportedScopes(
    official: OfficialClient,
    metadata: Pick<AuthOptions, 'resourceMetadataUrl'>,
  ): Promise<string | undefined> {
    const found = official.discoverOAuthProtectedResourceMetadata(this.#server, metadata, this.#fetch);
    // What is wrong with the metadata is told by whoever needs the rest of it.
    return (await found.catch(() => undefined))?.scopes_supported?.join(' ');
  }
}

/** The places that the caller has named. */
function namedIn(options: OAuthOptions): URL[] {
  const { url, tokenEndpoint } = ('identityProvider' in options && options.identityProvider) || {};
  const issuer = 'expectedIssuer' in options ? options.expectedIssuer : undefined;
  return [issuer, url, tokenEndpoint]
    .filter((named) => named !== undefined)
    .map((named) => {
      if (URL.canParse(named)) return new URL(named);
      const text = `oauth: ${JSON.stringify(named)} is no URL; expectedIssuer and identityProvider name places by URL`;
      throw new McpError('config-invalid', text, { delivered: 'no' });
    });
}

type Challenge = ReturnType<OfficialClient['extractWWWAuthenticateParams']>;

function readChallenge(official: OfficialClient, challenge: string | undefined): Challenge {
  const headers = new Headers(challenge === undefined ? {} : { 'www-authenticate': challenge });
  return official.extractWWWAuthenticateParams(new Response(null, { headers }));
}

function loadOfficial(): Promise<OfficialClient> {
  return import('@modelcontextprotocol/client');
}

function finishElsewhere(): AuthError {
  const text = 'the provider has sent a person to log in; connect again when it has tokens';
  return new AuthError(text, { status: 401 });
}

/** Why there is no token; what an authorization server says is cut to an excerpt. */
function explained(error: unknown, server: URL, challenge: string | undefined): Error {
  if (isMcpError(error) && error.code === 'config-invalid') return error;
  const why = error instanceof Error ? error.message : String(error);
  const text = `Cannot log in at ${server.href}: ${excerpt(why, 500)}`;
  // As an error has it that is given its cause: not shown in JSON.
  return Object.defineProperty(new AuthError(text, { status: 401, challenge }), 'cause', { value: error });
}
