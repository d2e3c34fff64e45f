import { McpError } from '../errors.ts';
import type { NetworkOptions } from '../transports/http-endpoint.ts';
import { discard, type HttpRequest, type HttpResponse } from '../transports/http-exchange.ts';
import type { OAuthOptions } from './oauth-options.ts';

/**
 * Sends a request by `send`, which adds these headers to it, and once more when the server refuses them and there are
 * others.
 */
export type Authorize = (
  request: Pick<HttpRequest, 'method' | 'url' | 'signal'>,
  send: (headers: Readonly<Record<string, string>>) => Promise<HttpResponse>,
) => Promise<HttpResponse>;

/** A token, or what gives one for each request. */
export type Bearer = string | (() => string | Promise<string>);

/** What a server may be told of the caller. */
export interface CredentialSettings {
  /** Sent as `X-API-Key`, to URLs only. */
  apiKey?: string | undefined;
  /**
   * Sent as `Authorization: Bearer …`, to URLs only. A function is asked for each request, and once more when the server
   * refuses what it gave (401).
   */
  bearer?: Bearer | undefined;
  /** Logs in when the server asks for it (401), and for more when it asks for more; http: and https: URLs only. */
  oauth?: OAuthOptions | undefined;
}

/** How requests to `server` get a credential that changes; a fixed one is a header like others. */
export async function authorizeBy(
  { apiKey, bearer, oauth }: CredentialSettings,
  server: URL,
  headers: Readonly<Record<string, string>>,
  network: NetworkOptions,
): Promise<Authorize | undefined> {
  const hasHeader = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  const given = { apiKey, bearer, 'an Authorization header': hasHeader || undefined };
  const [other] = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (oauth !== undefined) {
    if (other !== undefined) throw invalid(`oauth and ${other} exclude each other: which one should the server see?`);
    if (server.protocol.startsWith('ws'))
      throw invalid(`oauth needs an http: or https: URL; give a ${server.protocol} URL bearer`);
    const { oauthAuthorize } = await import('./oauth.ts');
    return oauthAuthorize(server, oauth, network);
  }
  return typeof bearer === 'function' && !hasHeader ? authorizeByFunction(bearer) : undefined;
}

function authorizeByFunction(bearer: () => string | Promise<string>): Authorize {
  return async (_request, send) => {
    const token = await bearer();
    const response = await send({ authorization: `Bearer ${token}` });
    if (response.status !== 401) return response;
    const next = await bearer();
    if (next === token) return response;
    await discard(response);
    return send({ authorization: `Bearer ${next}` });
  };
}

function invalid(message: string): McpError {
  return new McpError('config-invalid', message, { delivered: 'no' });
}
