import { fileTokenStore, keychainTokenStore, type FileTokenStore, type StoredLogin } from '@toolwire/client-core';
import { CliError } from '../cli-error.ts';
import { print, type Io } from '../io.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { loginFolder } from './login-folder.ts';

/** What `mcp auth login` has brought, and when. */
export interface KeptLogin extends StoredLogin {
  /** When its token came, in milliseconds since 1970. */
  readonly obtainedAt?: number | undefined;
}

export interface LoginStore extends FileTokenStore {
  get(server: string): Promise<KeptLogin | undefined>;
}

/**
 * The logins of this user: in the keychain of the system, or in files where there is none or `MCP_KEYCHAIN` is `off`.
 * Throws a usage error where the environment names no folder for them.
 */
export function loginStore({ env, stderr }: Pick<Io, 'env' | 'stderr'>, verbose: boolean): LoginStore {
  const folder = loginFolder(env);
  if (folder === undefined) throw new CliError('usage', 'There is no folder for logins', 'Set HOME or XDG_CONFIG_HOME');
  const onFallback = ({ message }: Error): void => {
    const text = `mcp: the keychain is not used (${sanitizeLine(message)}): logins are kept in files of ${folder}\n`;
    if (verbose) void print(stderr, text);
  };
  const store =
    env['MCP_KEYCHAIN'] === 'off' ? fileTokenStore(folder) : keychainTokenStore(folder, { service: 'mcp', onFallback });
  return {
    ...store,
    set: async (server, login) => store.set(server, login && dated(login, await store.get(server))),
  };
}

/** A token keeps its date when something else of the login changes. */
function dated(login: KeptLogin, before: KeptLogin | undefined): KeptLogin {
  const isSame = login.tokens?.access_token === before?.tokens?.access_token;
  return { ...login, obtainedAt: isSame ? (before?.obtainedAt ?? Date.now()) : Date.now() };
}
