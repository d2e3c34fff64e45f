import type { NetworkOptions } from '../transports/http-endpoint.ts';
import type { AuthorizationCodeOptions } from './oauth-options.ts';
import type { TokenStore } from './token-store.ts';

/** How a person logs in ahead of time, and where that is kept. */
export interface LogInOptions extends AuthorizationCodeOptions, NetworkOptions {
  store: TokenStore;
  allowPrivateAddresses?: boolean;
  signal?: AbortSignal;
}

/**
 * Logs a person in before any call has a deadline: waits 5 minutes for them. Resolves at once when `store` has a login
 * that the server takes, or when it wants none; rejects with an `AuthError`. Clients with the same `store` need no person.
 */
export async function logIn(server: string | URL, options: LogInOptions): Promise<void> {
  const { fetch, tls, allowInsecureHttp, signal, ...oauth } = options;
  const network = { fetch, tls, allowInsecureHttp };
  const [{ HttpEndpoint }, { oauthAuthorize }] = await Promise.all([
    import('../transports/http-endpoint.ts'),
    import('./oauth.ts'),
  ]);
  const url = new URL(server);
  const endpoint = new HttpEndpoint(url, { authorize: oauthAuthorize(url, oauth, network), ...network });
  try {
    // A server tells strangers to log in whatever they say; whom it knows, it may answer what it likes.
    const response = await endpoint.send({
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
      isCall: false,
      signal,
    });
    if (response.status === 401 || response.status === 403) throw await endpoint.failureOf(response);
    response.cancel();
  } finally {
    endpoint.close();
  }
}
