import type { CrossAppAccessContext, FetchLike, OAuthClientProvider } from '@modelcontextprotocol/client';
import { AuthError, McpError } from '../errors.ts';
import { unattended, type Flow, type OfficialClient } from './flow.ts';
import type {
  ClientCredentialsOptions,
  IdentityProviderOptions,
  JwtBearerOptions,
  OAuthOptions,
} from './oauth-options.ts';

export type UnattendedOptions = ClientCredentialsOptions | JwtBearerOptions;

export function isUnattended(options: OAuthOptions): options is UnattendedOptions {
  return 'grant' in options && (options.grant === 'client_credentials' || options.grant === 'jwt_bearer');
}

/** A program logs in by itself, by the providers of the official client. */
export function unattendedFlow(official: OfficialClient, options: UnattendedOptions, fetchFn: FetchLike): Flow {
  if (!options.expectedIssuer)
    throw invalid('expectedIssuer is missing: else the server decides who is sent the credential');
  const provider =
    options.grant === 'client_credentials'
      ? clientCredentials(official, options)
      : jwtBearer(official, options, fetchFn);
  return unattended(provider, () => new AuthError('a person would have to log in', { status: 401 }));
}

function clientCredentials(official: OfficialClient, options: ClientCredentialsOptions): OAuthClientProvider {
  const { clientId, clientSecret, privateKey, algorithm, jwtBearerAssertion, expectedIssuer, scope } = options;
  const common = { clientId, expectedIssuer, ...(scope !== undefined && { scope }) };
  if (privateKey !== undefined && algorithm !== undefined)
    return new official.PrivateKeyJwtProvider({ ...common, privateKey, algorithm });
  if (jwtBearerAssertion !== undefined) {
    return new official.StaticPrivateKeyJwtProvider({ ...common, jwtBearerAssertion });
  }
  if (clientSecret !== undefined) return new official.ClientCredentialsProvider({ ...common, clientSecret });
  throw invalid('client_credentials needs clientSecret, privateKey with algorithm, or jwtBearerAssertion');
}

function jwtBearer(official: OfficialClient, options: JwtBearerOptions, fetchFn: FetchLike): OAuthClientProvider {
  const { clientId, clientSecret, expectedIssuer, assertion, identityProvider } = options;
  if ((assertion === undefined) === (identityProvider === undefined))
    throw invalid('jwt_bearer needs assertion or identityProvider, and not both');
  if (identityProvider !== undefined && !identityProvider.url && !identityProvider.tokenEndpoint)
    throw invalid('identityProvider needs url or tokenEndpoint');
  const provider = new official.CrossAppAccessProvider({
    clientId,
    expectedIssuer,
    clientSecret: clientSecret as string, // A public client has none, which the provider knows how to send.
    fetchFn,
    assertion: async (context) =>
      assertion?.(context) ?? exchangeIdToken(official, identityProvider as IdentityProviderOptions, context), // One of the two is there.
  });
  // The official client would show the same statement again.
  return Object.assign(provider, { invalidateCredentials: refuseStatement });
}

/** Exchanges what the person got from the company for a statement to this one server (enterprise-managed authorization). */
async function exchangeIdToken(
  official: OfficialClient,
  { url, tokenEndpoint, idToken, ...client }: IdentityProviderOptions,
  { authorizationServerUrl: audience, resourceUrl: resource, scope, fetchFn }: CrossAppAccessContext,
): Promise<string> {
  const wanted = {
    ...client,
    idToken: typeof idToken === 'function' ? await idToken() : idToken,
    audience,
    resource,
    ...(scope !== undefined && { scope }),
    fetchFn,
  };
  const grant =
    tokenEndpoint === undefined
      ? await official.discoverAndRequestJwtAuthGrant({ ...wanted, idpUrl: url ?? '' })
      : await official.requestJwtAuthorizationGrant({ ...wanted, tokenEndpoint });
  return grant.jwtAuthGrant;
}

function refuseStatement(): never {
  throw new AuthError('the authorization server refuses the statement that this client has shown', { status: 401 });
}

function invalid(message: string): McpError {
  return new McpError('config-invalid', `oauth: ${message}`, { delivered: 'no' });
}
