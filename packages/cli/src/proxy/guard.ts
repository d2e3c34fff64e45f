import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Who may speak to a listener. */
export interface GuardOptions {
  /** Names in the Host header, without a port. */
  readonly hosts: readonly string[];
  /** Origins of web pages, such as `https://app.example.com`. */
  readonly origins: readonly string[];
  /** Any one of these lets in; none at all means that no token is asked for. */
  readonly tokens: readonly string[];
}

/** Why a request is not served. */
export interface Refused {
  readonly status: 401 | 403;
  readonly message: string;
}

export type Guard = (headers: IncomingHttpHeaders) => Refused | undefined;

/**
 * Keeps out web pages that reach for a local port (by a name that leads here, or by a request across origins), and whoever
 * has no token.
 */
export function guard({ hosts, origins, tokens }: GuardOptions): Guard {
  return (headers) => {
    const host = hostName(headers.host);
    if (host === undefined || !hosts.includes(host))
      return {
        status: 403,
        message: `The Host ${JSON.stringify(headers.host ?? '')} is not served here; see --allow-host`,
      };
    if (headers.origin !== undefined && !origins.includes(headers.origin))
      return {
        status: 403,
        message: `The Origin ${JSON.stringify(headers.origin)} is not allowed; see --allow-origin`,
      };
    const token = tokenOf(headers);
    if (tokens.length === 0 || tokens.some((known) => isSame(known, token))) return undefined;
    return { status: 401, message: 'Send the token of the proxy as "Authorization: Bearer TOKEN"' };
  };
}

/** What a caller shows: a bearer token, or the same as an API key. */
export function tokenOf({ authorization, 'x-api-key': apiKey }: IncomingHttpHeaders): string {
  const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  return bearer ?? (Array.isArray(apiKey) ? apiKey.join() : (apiKey ?? ''));
}

/** In a time that does not depend on how much of it is right. */
function isSame(known: string, given: string): boolean {
  return timingSafeEqual(digest(known), digest(given));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function hostName(header: string | undefined): string | undefined {
  const url = `http://${header ?? ''}`;
  // More than a name and a port is no Host header.
  if (header === undefined || !/^[\w.:[\]-]+$/.test(header) || !URL.canParse(url)) return undefined;
  return new URL(url).hostname;
}
