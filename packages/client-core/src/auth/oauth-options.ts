import type { OAuthClientProvider } from '@modelcontextprotocol/client';
import type { TokenStore } from './token-store.ts';

/** How to get a token for a server: for a person (the default grant), for a program, or by a provider of one's own. */
export type OAuthOptions = (
  | AuthorizationCodeOptions
  | ClientCredentialsOptions
  | JwtBearerOptions
  | ProviderOptions
) & {
  /** Lets authorization servers be at private addresses that nobody named in these options. Default false. */
  allowPrivateAddresses?: boolean;
};

/** A person logs in, in a browser: authorization code with PKCE. */
export interface AuthorizationCodeOptions {
  grant?: 'authorization_code';
  /**
   * Takes the person to this page: opens a browser, or prints the URL. Resolves with the URL that the browser ended at, or
   * with the code in it, when a person pastes it; with nothing when the browser comes back to `redirectUrl` by itself.
   */
  redirectToAuthorization?: (authorizationUrl: URL) => RedirectAnswer | Promise<RedirectAnswer>;
  /** Where the browser comes back to. Default: a free port of 127.0.0.1, in Node; any other URL than loopback is not listened at. */
  redirectUrl?: string | URL;
  /** A client that is registered already. Default: one is registered, or is `clientMetadataUrl`. */
  clientId?: string;
  clientSecret?: string;
  /** The authorization server that `clientSecret` belongs to; needed with it, so that no other is ever sent it. */
  expectedIssuer?: string;
  /** An https: URL with this client's metadata, which is its id for servers that know such. */
  clientMetadataUrl?: string;
  /** What people read when they are asked. Default `Toolwire`. */
  clientName?: string;
  /** Scopes to ask for besides those that the server asks for, separated by spaces. Default: what the server names. */
  scope?: string;
  /** Keeps the login for the next process. Default: this process only. */
  store?: TokenStore;
  /** Binds tokens to a key of this process (RFC 9449): a stolen token is worth nothing. Not with `store`. Default false. */
  dpop?: boolean;
}

/** What `redirectToAuthorization` may answer. */
export type RedirectAnswer = string | URL | void;

/** A program logs in with a secret of its own, or with a key (private_key_jwt). */
export interface ClientCredentialsOptions {
  grant: 'client_credentials';
  clientId: string;
  /** The only authorization server that is ever sent the secret or a signature. */
  expectedIssuer: string;
  clientSecret?: string;
  /** PEM, JWK or bytes; with `algorithm`, such as `ES256`. */
  privateKey?: string | Uint8Array | Record<string, unknown>;
  algorithm?: string;
  /** Signed elsewhere. */
  jwtBearerAssertion?: string;
  scope?: string;
}

/** A program shows who it is by a statement that another authority has signed: workload identity, cross-app access. */
export interface JwtBearerOptions {
  grant: 'jwt_bearer';
  clientId: string;
  /** The only authorization server that is ever sent the statement. */
  expectedIssuer: string;
  clientSecret?: string;
  /** Gives the statement (JWT) for this authorization server and resource. */
  assertion?: (context: AssertionContext) => string | Promise<string>;
  /** Or gets it from the company's identity provider (enterprise-managed authorization). */
  identityProvider?: IdentityProviderOptions;
  scope?: string;
}

/** Where a person has logged in to the company, and what came of it. */
export interface IdentityProviderOptions {
  /** Its issuer, whose metadata says the rest; or its token endpoint. */
  url?: string | URL;
  tokenEndpoint?: string | URL;
  clientId: string;
  clientSecret?: string;
  idToken: string | (() => string | Promise<string>);
}

export interface AssertionContext {
  authorizationServerUrl: string;
  resourceUrl: string;
  scope?: string | undefined;
}

/** A provider of the official client; one that sends people away has to finish the login itself. */
export interface ProviderOptions {
  provider: OAuthClientProvider;
}
