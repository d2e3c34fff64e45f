import type { FetchLike } from '@modelcontextprotocol/client';
import { pinnedFetch, type LookUp } from './pinned-fetch.ts';
import { isLoopbackHost, type AddressKind } from './private-addresses.ts';

export interface GuardOptions {
  /** The origins that the caller has named: asked wherever they are. The first is the MCP server's. */
  trusted: readonly URL[];
  /** Replaces our own requests; then addresses are not looked at, only URLs. */
  fetch?: typeof fetch | undefined;
  allowPrivateAddresses?: boolean | undefined;
  lookUp?: LookUp | undefined;
}

/**
 * A `fetch` for addresses that a server has chosen: https only, and none at private addresses, so that nobody can use
 * this client to reach into its own network. Plain http and loopback only for servers that are there themselves.
 */
export function guardedFetch({ trusted, fetch: replacement, allowPrivateAddresses, lookUp }: GuardOptions): FetchLike {
  const isLocal = trusted[0] !== undefined && isLoopbackHost(trusted[0].hostname);
  return async (address, init = {}) => {
    const url = new URL(address);
    const isTrusted = trusted.some(({ origin }) => origin === url.origin);
    const isLoopback = isLoopbackHost(url.hostname);
    if (!isTrusted && url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback && isLocal))
      throw refusal(url, `is not https:${isLoopback ? ', and on this machine, where the server is not' : ''}`);
    if (!isTrusted && isLoopback && !isLocal) throw refusal(url, 'is on this machine, where the server is not');
    const safeInit: RequestInit = { ...init, redirect: 'manual' };
    if (replacement !== undefined) return replacement(url, safeInit);
    if (globalThis.process?.getBuiltinModule === undefined) return fetch(url, safeInit); // Browsers keep their own guard.
    const isAllowed = (kind: AddressKind): boolean =>
      isTrusted ||
      kind === 'public' ||
      (kind === 'loopback' && isLocal) ||
      (kind === 'private' && allowPrivateAddresses === true);
    return pinnedFetch(url, safeInit, { isAllowed, refuse: (text) => refusal(url, text), lookUp });
  };
}

/** The official client goes on after other errors as if nothing was there. */
function refusal({ origin }: URL, what: string): TypeError {
  return new TypeError(
    `${origin} ${what}: not asked (to trust it, name it in expectedIssuer, or set allowPrivateAddresses)`,
  );
}
