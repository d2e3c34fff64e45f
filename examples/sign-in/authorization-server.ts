import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
// @ts-expect-error -- It has no types.
import { Provider } from 'oidc-provider';

/** Who decides which tokens are good. */
export interface AuthorizationServer {
  readonly url: string;
  /** Whether this token was given for `resource`. */
  accepts(token: string, resource: string): Promise<boolean>;
  close(): void;
}

/** Starts an authorization server on a free port, at which Ada is logged in, and agrees to everything. */
export async function startAuthorizationServer(): Promise<AuthorizationServer> {
  let serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  const http = createServer((request, response) => void serve(request, response));
  const url = await listen(http);
  const provider = new Provider(url, {
    scopes: ['openid', 'offline_access', 'library:read'],
    clientAuthMethods: ['none'],
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, RefreshToken: 600 },
    cookies: { keys: ['a key that signs cookies'] },
    interactions: { url: () => '/agree' },
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: true },
      resourceIndicators: { enabled: true, useGrantedResource: () => true, getResourceServerInfo },
    },
  });
  const standard = provider.callback();
  serve = async (request, response) => {
    if (request.url !== '/agree') return standard(request, response);
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (prompt.name === 'login')
      return provider.interactionFinished(request, response, { login: { accountId: 'ada' } });
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    grant.addResourceScope(params.resource, params.scope);
    return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
  };
  return {
    url,
    accepts: async (token, resource) => (await provider.AccessToken.find(token))?.aud === resource,
    close: () => http.close().closeAllConnections(),
  };
}

/** Listens on a free port of 127.0.0.1. */
export async function listen(http: Server): Promise<string> {
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`; // It listens on a port, not on a pipe.
}

function getResourceServerInfo(_context: unknown, resource: string): object {
  return { scope: 'library:read', audience: resource, accessTokenFormat: 'opaque' };
}
