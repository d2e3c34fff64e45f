import type { FetchLike } from '@modelcontextprotocol/client';
import type { NetworkOptions } from '../transports/http-endpoint.ts';
import { pinnedFetch, type LookUp } from './pinned-fetch.ts';
import { isLoopbackHost } from '../transports/loopback-host.ts';
import type { AddressKind } from './private-addresses.ts';

/** A `fetch` of one's own replaces our requests; then addresses are not looked at, only URLs. */
export interface GuardOptions extends NetworkOptions {
  /** The origins that the caller has named: asked wherever they are. The first is the MCP server's. */
  trusted: readonly URL[];
  allowPrivateAddresses?: boolean | undefined;
  lookUp?: LookUp | undefined;
}

/**
 * A `fetch` for addresses that a server has chosen: https only, and none at private addresses, so that nobody can use
 * this client to reach into its own network. Plain http and loopback only for servers that are there themselves.
 */
export function guardedFetch(options: GuardOptions): FetchLike {
  const { trusted, fetch: replacement, tls, allowInsecureHttp, allowPrivateAddresses, lookUp } = options;
  const isLocal = trusted[0] !== undefined && isLoopbackHost(trusted[0].hostname);
  return async (address, init = {}) => {
    const url = new URL(address);
    const isTrusted = trusted.some(({ origin }) => origin === url.origin);
    const isLoopback = isLoopbackHost(url.hostname);
    const mayBePlain = isLoopback ? isLocal || isTrusted : isTrusted && allowInsecureHttp === true;
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && mayBePlain))
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
    return pinnedFetch(url, safeInit, { isAllowed, refuse: (text) => refusal(url, text), lookUp, tls });
  };
}

/** The official client goes on after other errors as if nothing was there. */
function refusal({ origin }: URL, what: string): TypeError {
  return new TypeError(
    `${origin} ${what}: not asked (to trust it, name it in expectedIssuer, or set allowPrivateAddresses)`,
  );
}
