import type { DpopSession, OAuthClientProvider, OAuthDiscoveryState } from '@modelcontextprotocol/client';
import { AuthError, McpError } from '../errors.ts';
import { isListenable, listenForCallback, readCallback, type Callback, type CallbackAnswer } from './callback.ts';
import type { Flow, OfficialClient } from './flow.ts';
import type { AuthorizationCodeOptions } from './oauth-options.ts';
import { loginKey, memoryTokenStore, type StoredLogin, type TokenStore } from './token-store.ts';

/** A person logs in with a browser; what that brought is kept in the store. */
export function authorizationCodeFlow(server: URL, options: AuthorizationCodeOptions): Flow {
  const wrong =
    options.clientSecret !== undefined && options.expectedIssuer === undefined
      ? 'clientSecret needs expectedIssuer: else the server decides who is sent the secret'
      : options.dpop === true && options.store !== undefined
        ? 'dpop and store exclude each other: tokens are bound to a key of this process'
        : undefined;
  if (wrong !== undefined) throw new McpError('config-invalid', `oauth: ${wrong}`, { delivered: 'no' });
  return new AuthorizationCode(server, options);
}

class AuthorizationCode implements Flow {
  readonly provider: OAuthClientProvider;
  readonly #key: string;
  readonly #options: AuthorizationCodeOptions;
  readonly #store: TokenStore;
  #login: StoredLogin | undefined;
  #state = '';
  #verifier = '';
  #redirectUrl: string;
  #discovery: OAuthDiscoveryState | undefined;
  #dpop: Promise<DpopSession> | undefined;
  #callback: Callback | undefined;
  #pasted: Promise<CallbackAnswer> | undefined;
  #asksFor: string | undefined;

  constructor(server: URL, options: AuthorizationCodeOptions) {
    this.#key = loginKey(server);
    this.#options = options;
    this.#store = options.store ?? memoryTokenStore();
    this.#redirectUrl = String(options.redirectUrl ?? 'http://127.0.0.1/callback');
    this.provider = this.#providerOf(options);
  }

  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#store.lock?.(this.#key, work) ?? work();
  }

  async begin(): Promise<void> {
    this.#login = await this.#store.get(this.#key);
    this.#discovery = undefined; // The server may have moved to another authorization server.
    this.#state = crypto.randomUUID();
    const { redirectUrl, redirectToAuthorization } = this.#options;
    if (redirectToAuthorization === undefined) return; // Nobody is sent away, and nobody comes back.
    const fixed = redirectUrl === undefined ? undefined : new URL(redirectUrl);
    if (fixed !== undefined && !isListenable(fixed)) return;
    const mayDoWithout = this.#login?.tokens?.refresh_token !== undefined; // Another program may listen there now.
    this.#callback = await listenForCallback(this.#state, fixed).catch((error: unknown) => {
      if (!mayDoWithout) throw error;
      return undefined;
    });
    if (this.#callback !== undefined) this.#redirectUrl = this.#callback.redirectUrl;
  }

  askFor(scope: string): void {
    this.#asksFor = scope;
  }

  async answer(): Promise<CallbackAnswer> {
    const ways = [this.#callback?.answer, this.#pasted].filter((way) => way !== undefined);
    return Promise.race(ways);
  }

  end(): void {
    this.#callback?.close();
    this.#callback = undefined;
    this.#pasted = undefined;
    this.#asksFor = undefined;
  }

  #providerOf(options: AuthorizationCodeOptions): OAuthClientProvider {
    const { clientId, clientSecret, expectedIssuer, clientMetadataUrl, clientName = 'Toolwire', scope, dpop } = options;
    const redirectUrl = (): string => this.#redirectUrl;
    const fixedClient = clientId === undefined ? undefined : { client_id: clientId, issuer: expectedIssuer };
    return {
      get redirectUrl() {
        return redirectUrl();
      },
      get clientMetadata() {
        return {
          client_name: clientName,
          redirect_uris: [redirectUrl()],
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          ...(clientSecret === undefined && { token_endpoint_auth_method: 'none' }),
          scope,
        };
      },
      ...(clientMetadataUrl !== undefined && { clientMetadataUrl }),
      ...(dpop === true && { dpop: () => (this.#dpop ??= loadDpop()) }),
      ...(fixedClient === undefined
        ? {
            clientInformation: () => {
              const client = this.#registeredClient();
              if (client === undefined && this.#options.redirectToAuthorization === undefined) throw nobodyToAsk();
              return client;
            },
            saveClientInformation: (clientInformation) => this.#save({ clientInformation }),
          }
        : { clientInformation: () => ({ ...fixedClient, client_secret: clientSecret }) }),
      tokens: async () => (this.#login ??= await this.#store.get(this.#key))?.tokens,
      saveTokens: (tokens) => this.#save({ tokens }),
      state: () => this.#state,
      saveCodeVerifier: (verifier) => void (this.#verifier = verifier),
      codeVerifier: () => this.#verifier,
      discoveryState: () => this.#discovery,
      saveDiscoveryState: (discovery) => void (this.#discovery = discovery),
      redirectToAuthorization: (url) => this.#redirect(url),
      invalidateCredentials: async (what) => {
        if (what === 'all' || what === 'client') await this.#save({ clientInformation: undefined });
        if (what === 'all' || what === 'tokens') await this.#save({ tokens: undefined });
      },
    };
  }

  /** A client that was registered for another port or fewer scopes is registered anew, unless its refresh token serves. */
  #registeredClient(): StoredLogin['clientInformation'] {
    const { clientInformation, tokens } = this.#login ?? {};
    if (clientInformation === undefined || !('redirect_uris' in clientInformation)) return clientInformation;
    const { redirect_uris: redirectUrls, scope } = clientInformation;
    const mayAsk = new Set((scope ?? this.#asksFor)?.split(' '));
    const fits =
      redirectUrls.includes(this.#redirectUrl) && (this.#asksFor?.split(' ') ?? []).every((each) => mayAsk.has(each));
    const canRefresh = this.#asksFor === undefined && tokens?.refresh_token !== undefined;
    return fits || canRefresh ? clientInformation : undefined;
  }

  async #save(change: StoredLogin): Promise<void> {
    this.#login = { ...this.#login, ...change };
    await this.#store.set(this.#key, this.#login);
  }

  /** Resolves when the person is on the way, not when they are back. */
  #redirect(url: URL): void {
    const { redirectToAuthorization } = this.#options;
    if (redirectToAuthorization === undefined) throw nobodyToAsk();
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      throw new AuthError(`the authorization server sends people to a ${url.protocol} URL`, { status: 401 });
    const never = new Promise<CallbackAnswer>(() => {});
    this.#pasted = (async () => redirectToAuthorization(url))().then((answer) => {
      if (answer !== undefined) return readCallback(answer, this.#state);
      if (this.#callback === undefined) throw new AuthError('redirectToAuthorization gave no answer', { status: 401 });
      return never;
    });
    this.#pasted.catch(() => {}); // Whoever waits for the answer is told.
  }
}

function nobodyToAsk(): AuthError {
  const text =
    'a person has to log in: logIn() ahead, or give oauth.redirectToAuthorization, which opens or prints a URL';
  return new AuthError(text, { status: 401 });
}

async function loadDpop(): Promise<DpopSession> {
  const { DpopSession: Session }: OfficialClient = await import('@modelcontextprotocol/client');
  return Session.create();
}
