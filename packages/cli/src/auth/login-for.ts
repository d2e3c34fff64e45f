import { credentialHeader, type CredentialSettings, type ServerConfig } from '@toolwire/client-core';
import type { Io } from '../io.ts';
import { loginFolder } from './login-folder.ts';

/** The credential of a login for this server, if there is one; a header of its own wins, and the two are never mixed. */
export async function loginFor(
  config: ServerConfig,
  io: Pick<Io, 'env' | 'stderr'>,
  verbose: boolean,
): Promise<Pick<CredentialSettings, 'bearer' | 'oauth'>> {
  if (!('url' in config) || !/^https?:/i.test(String(config.url))) return {};
  const folder = loginFolder(io.env);
  if (folder === undefined || !process.getBuiltinModule('node:fs').existsSync(folder)) return {};
  if (credentialHeader(new URL(config.url), config.headers ?? {}) !== undefined) return {};
  const { storedLogin } = await import('./stored-login.ts');
  return storedLogin(config.url, io, verbose);
}
