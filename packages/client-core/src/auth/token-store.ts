import type { StoredOAuthClientInformation, StoredOAuthTokens } from '@modelcontextprotocol/client';

/** What a login at a server has brought; clients and tokens name their issuer and are never shown to another. */
export interface StoredLogin {
  clientInformation?: StoredOAuthClientInformation | undefined;
  tokens?: StoredOAuthTokens | undefined;
}

/** Keeps logins, by the URL of the server as `loginKey` writes it. */
export interface TokenStore {
  get(server: string): StoredLogin | undefined | Promise<StoredLogin | undefined>;
  /** `undefined` forgets the login. */
  set(server: string, login: StoredLogin | undefined): void | Promise<void>;
  /** Runs `work` while nobody else does so for the same server. Default: just runs it. */
  lock?<T>(server: string, work: () => Promise<T>): Promise<T>;
}

/** How stores call a server: its URL without user, password, query and fragment. */
export function loginKey(server: string | URL): string {
  const { origin, pathname } = new URL(server);
  return origin + pathname;
}

/** Keeps logins as long as the program runs; clients that share it share their logins. */
export function memoryTokenStore(): TokenStore {
  const logins = new Map<string, StoredLogin>();
  const turns = new Map<string, Promise<unknown>>();
  return {
    get: (server) => logins.get(server),
    set: (server, login) => {
      if (login === undefined) logins.delete(server);
      else logins.set(server, login);
    },
    lock: (server, work) => {
      const turn = (turns.get(server) ?? Promise.resolve()).then(work);
      const settled = turn.catch(() => {}); // The next one does not care how this one ends.
      turns.set(server, settled);
      return turn;
    },
  };
}
