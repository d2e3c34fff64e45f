import type { ClientOptions } from '@toolwire/client-core';

type OAuthOptions = NonNullable<ClientOptions['oauth']>;

/** What the suite hands over for scenarios about OAuth. */
export interface AuthContext {
  issuer?: string;
  client_id?: string;
  client_secret?: string;
  private_key_pem?: string;
  signing_algorithm?: string;
  idp_token_endpoint?: string;
  idp_client_id?: string;
  idp_id_token?: string;
  valid_jwt?: string;
}

/** How the client logs in for a scenario; a person who says yes at once is a request that follows redirects. */
export async function oauthOf(name: string, context: AuthContext, url: string): Promise<OAuthOptions | undefined> {
  if (!name.startsWith('auth/')) return undefined;
  const { client_id: clientId = '', client_secret: clientSecret = '' } = context;
  switch (name) {
    case 'auth/client-credentials-basic':
      return { grant: 'client_credentials', clientId, clientSecret, expectedIssuer: await issuerOf(url) };
    case 'auth/client-credentials-jwt':
      return {
        grant: 'client_credentials',
        clientId,
        privateKey: context.private_key_pem ?? '',
        algorithm: context.signing_algorithm ?? '',
        expectedIssuer: await issuerOf(url),
      };
    case 'auth/wif-jwt-bearer':
      return {
        grant: 'jwt_bearer',
        clientId,
        expectedIssuer: await issuerOf(url),
        assertion: () => context.valid_jwt ?? '',
      };
    case 'auth/enterprise-managed-authorization':
      return {
        grant: 'jwt_bearer',
        clientId,
        clientSecret,
        expectedIssuer: await issuerOf(url),
        identityProvider: {
          tokenEndpoint: context.idp_token_endpoint ?? '',
          clientId: context.idp_client_id ?? '',
          idToken: context.idp_id_token ?? '',
        },
      };
    default:
      return {
        redirectToAuthorization: async (page) => void (await fetch(page)),
        ...(name === 'auth/basic-cimd' && { clientMetadataUrl: 'https://conformance-test.local/client-metadata.json' }),
        ...(name === 'auth/pre-registration' && { clientId, clientSecret, expectedIssuer: context.issuer ?? '' }),
        ...(name.startsWith('auth/dpop') && { dpop: true }),
      };
  }
}

/** The suite does not say which authorization server its secrets belong to, so that the first answer is believed. */
async function issuerOf(url: string): Promise<string> {
  const { origin, pathname } = new URL(url);
  const response = await fetch(`${origin}/.well-known/oauth-protected-resource${pathname}`);
  const { authorization_servers: servers } = (await response.json()) as { authorization_servers: string[] };
  return servers[0] ?? '';
}
