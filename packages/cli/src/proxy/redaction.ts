import type { ServerConfig } from '@toolwire/client-core';
import type { Io } from '../io.ts';
import type { Route } from '../route-to.ts';

/** Text in which no secret is left. */
export type Redact = (text: string) => string;

/** Shorter ones would blot out ordinary words, and guard nothing. */
const shortestSecret = 6;
const userinfo = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@]*@/gi;
const query = /\b([a-z][a-z0-9+.-]{0,20}:\/\/[^\s?#]{0,2048}\?)[^\s#"']*/gi;

/** Hides these values, and what URLs carry in secret: user, password and query. */
export function redactor(secrets: Iterable<string>): Redact {
  const hidden = [...new Set([...secrets].flatMap(withoutScheme))]
    .filter((secret) => secret.length >= shortestSecret)
    .toSorted((a, b) => b.length - a.length); // One may be a part of another.
  return (text) => {
    const safe = text.replaceAll(userinfo, '$1[redacted]@').replaceAll(query, '$1[redacted]');
    return hidden.reduce((redacted, secret) => redacted.replaceAll(secret, '[redacted]'), safe);
  };
}

/** What a server is told in confidence: headers and the token of a login, or variables. */
export function secretsOf(config: ServerConfig, { options: { bearer } }: Route, { env }: Io): readonly string[] {
  if ('url' in config) return [...Object.values(config.headers ?? {}), ...(typeof bearer === 'string' ? [bearer] : [])];
  const inherited = (config.inheritEnv ?? []).map((name) => env[name] ?? '');
  return [...Object.values(config.env ?? {}), ...inherited];
}

/** `Bearer abc` is a secret, and so is `abc`. */
function withoutScheme(value: string): string[] {
  const credential = /^\S+ +(\S.*)$/.exec(value)?.[1];
  return credential === undefined ? [value] : [value, credential];
}
