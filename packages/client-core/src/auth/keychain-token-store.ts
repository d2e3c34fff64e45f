import { McpError } from '../errors.ts';
import { fileTokenStore, type FileTokenStore } from './file-token-store.ts';
import type { StoredLogin } from './token-store.ts';

export interface KeychainTokenStoreOptions {
  /** What the entries are called in the keychain. Default `toolwire`. */
  service?: string;
  /** Told why the keychain is not used, at most once. */
  onFallback?: (reason: Error) => void;
}

/** The part of `@napi-rs/keyring` that is used: one entry of the system's keychain. */
interface KeychainEntry {
  getPassword(): Promise<string | null>;
  setPassword(password: string): Promise<void>;
  deletePassword(): Promise<boolean>;
}

interface Keyring {
  AsyncEntry: new (service: string, account: string, options: object) => KeychainEntry;
}

/** What the files hold: that the keychain has a login, or the login itself. */
interface KeptLogin extends StoredLogin {
  inKeychain?: true;
}

/** The kernel's keyring forgets everything at a restart: it is no keychain. */
const entryOptions = { linux: { store: 'secret-service' } };

/**
 * Keeps logins in the keychain of the system, by the optional package `@napi-rs/keyring`; `directory` names the servers
 * and has the locks. A login that the keychain does not take, or where there is none, is kept there as `fileTokenStore`
 * does. Node only.
 */
export function keychainTokenStore(directory: string, options: KeychainTokenStoreOptions = {}): FileTokenStore {
  const { service = 'toolwire', onFallback } = options;
  const files = fileTokenStore(directory);
  let isBroken = false;
  let isTold = false;

  /** What the keychain gives; `undefined` when it fails. One that cannot be opened is not asked again. */
  async function attempt<T>(server: string, use: (entry: KeychainEntry) => Promise<T>): Promise<T | undefined> {
    if (isBroken) return undefined;
    try {
      const entry = await open(service, server).catch((error: unknown) => {
        isBroken = true;
        throw error;
      });
      return await use(entry);
    } catch (error) {
      if (!isTold) onFallback?.(error instanceof Error ? error : new Error(String(error)));
      isTold = true;
      return undefined;
    }
  }

  return {
    get: async (server) => {
      const kept: KeptLogin | undefined = await files.get(server);
      if (kept?.inKeychain !== true) return kept;
      const text = await attempt(server, (entry) => entry.getPassword());
      return typeof text === 'string' ? (JSON.parse(text) as StoredLogin) : undefined; // Only `set` writes there.
    },
    set: async (server, login) => {
      if (login === undefined) return forget(server);
      const isKept = await attempt(server, async (entry) => {
        await entry.setPassword(JSON.stringify(login));
        return true;
      });
      const inKeychain: KeptLogin = { inKeychain: true };
      await files.set(server, isKept === true ? inKeychain : login);
    },
    lock: (server, work) => files.lock(server, work),
    servers: () => files.servers(),
  };

  async function forget(server: string): Promise<void> {
    const kept: KeptLogin | undefined = await files.get(server);
    if (kept === undefined) return;
    const isGone = await attempt(server, async (entry) => {
      await entry.deletePassword(); // Also one that was there before a file took its place.
      return true;
    });
    if (kept.inKeychain === true && isGone !== true)
      throw new McpError('config-invalid', `The keychain keeps its login for ${server}`, { delivered: 'no' });
    await files.set(server, undefined);
  }
}

async function open(service: string, server: string): Promise<KeychainEntry> {
  const name = '@napi-rs/keyring';
  const { AsyncEntry } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as Keyring; // It is optional.
  return new AsyncEntry(service, server, entryOptions);
}
