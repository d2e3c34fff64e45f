import { loginKey, type CredentialSettings } from '@toolwire/client-core';
import type { Io } from '../io.ts';
import { loginStore, type KeptLogin, type LoginStore } from './login-store.ts';
import { machineProvider } from './machine-provider.ts';

/** The credential that `mcp auth login` has brought for `server`; none where nobody has logged in. Never asks a person. */
export async function storedLogin(
  server: string | URL,
  io: Pick<Io, 'env' | 'stderr'>,
  verbose: boolean,
): Promise<Pick<CredentialSettings, 'bearer' | 'oauth'>> {
  const store = loginStore(io, verbose);
  const key = loginKey(server);
  const login = await store.get(key);
  return login === undefined ? {} : credentialOf(login, key, store);
}

function credentialOf(login: KeptLogin, key: string, store: LoginStore): Pick<CredentialSettings, 'bearer' | 'oauth'> {
  const { tokens } = login;
  if (isMachine(login)) return { oauth: { provider: machineProvider(key, store, login) } };
  if (tokens === undefined) return {};
  // What cannot be renewed is sent as it is: a refusal is the end of it.
  if (tokens.refresh_token === undefined) return { bearer: tokens.access_token };
  const issuer = tokens.issuer === undefined ? {} : { expectedIssuer: tokens.issuer };
  return { oauth: { store, ...issuer, redirectToAuthorization: refuse } };
}

/** Whether a program has logged in, and not a person. */
export function isMachine({ clientInformation }: KeptLogin): boolean {
  if (clientInformation === undefined || !('grant_types' in clientInformation)) return false;
  return clientInformation.grant_types?.includes('client_credentials') === true;
}

function refuse(): never {
  throw new Error('a person has to log in again');
}
