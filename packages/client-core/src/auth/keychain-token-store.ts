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

/** People may have to unlock a keychain first; one that takes longer than this is out of order. */
const patienceMs = 30_000;

/**
 * Keeps logins in the keychain of the system, by the optional package `@napi-rs/keyring`; `directory` names the servers
 * and has the locks. A login that the keychain does not take, or where there is none, is kept there as `fileTokenStore`
 * does. Node only.
 */
export function keychainTokenStore(directory: string, options: KeychainTokenStoreOptions = {}): FileTokenStore {
  const { service = 'toolwire', onFallback } = options;
  const files = fileTokenStore(directory);
  let isBroken = false;

  /** What the keychain gives; `undefined` once it has failed: it is not asked again. */
  async function attempt<T>(server: string, use: (entry: KeychainEntry) => Promise<T>): Promise<T | undefined> {
    if (isBroken) return undefined;
    try {
      return await within(patienceMs, open(service, server).then(use));
    } catch (error) {
      isBroken = true;
      onFallback?.(error instanceof Error ? error : new Error(String(error)));
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
    if (kept?.inKeychain === true) {
      const isGone = await attempt(server, async (entry) => {
        await entry.deletePassword();
        return true;
      });
      if (isGone !== true) throw new McpError('config-invalid', `The keychain keeps its login for ${server}`);
    }
    await files.set(server, undefined);
  }
}

async function open(service: string, server: string): Promise<KeychainEntry> {
  const name = '@napi-rs/keyring';
  const { AsyncEntry } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as Keyring; // It is optional.
  return new AsyncEntry(service, server, entryOptions);
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('The keychain does not answer')), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
