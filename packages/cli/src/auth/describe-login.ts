import type { KeptLogin } from './login-store.ts';
import { isMachine } from './stored-login.ts';

/** What may be told of a login: nothing of it is a secret. */
export interface LoginReport {
  readonly server: string;
  readonly issuer: string | undefined;
  readonly client: string | undefined;
  readonly scopes: readonly string[];
  readonly expiresAt: string | undefined;
  /** `valid` as far as is known; `expired` is renewed on its next use if it can be. */
  readonly state: 'valid' | 'expired' | 'no token' | 'unreadable';
  readonly canRenew: boolean;
}

/** What is known of the login at `server`. */
export function describeLogin(server: string, login: KeptLogin, now: number = Date.now()): LoginReport {
  const { tokens, clientInformation, obtainedAt } = login;
  const seconds = tokens?.expires_in;
  const expiry = seconds === undefined || obtainedAt === undefined ? undefined : obtainedAt + seconds * 1_000;
  const isExpired = expiry !== undefined && expiry <= now;
  return {
    server,
    issuer: tokens?.issuer ?? clientInformation?.issuer,
    client: clientInformation?.client_id,
    scopes: (tokens?.scope ?? '').split(' ').filter((scope) => scope !== ''),
    expiresAt: expiry === undefined ? undefined : new Date(expiry).toISOString(),
    state: tokens === undefined ? 'no token' : isExpired ? 'expired' : 'valid',
    canRenew: tokens?.refresh_token !== undefined || isMachine(login),
  };
}

/** What is known of a login that only a keychain has, which cannot be read here. */
export function unreadableLogin(server: string): LoginReport {
  const unknown = { issuer: undefined, client: undefined, scopes: [], expiresAt: undefined };
  return { server, ...unknown, state: 'unreadable', canRenew: false };
}

/** The same in a few words. */
export function sayState({ state, expiresAt, canRenew }: LoginReport): string {
  if (state === 'unreadable') return 'in a keychain that cannot be read here';
  if (state === 'no token') return canRenew ? 'gets a token when it is used' : 'log in again';
  if (state === 'expired') return canRenew ? 'expired; renewed when it is used' : 'expired; log in again';
  return expiresAt === undefined ? 'no end known' : `until ${expiresAt}`;
}
