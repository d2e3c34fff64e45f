import { AuthError, HttpError, RateLimitError, type ServerConfig } from '@toolwire/client-core';
import { ServerFailure } from '../server-failure.ts';
import { findHealth } from './find-health.ts';

/** What to look at where a server refuses; nothing where a failure says enough itself. */
export async function adviceOn(error: unknown, config: ServerConfig): Promise<string | undefined> {
  const cause = error instanceof ServerFailure ? error.cause : error;
  if (cause instanceof AuthError && cause.status === 403)
    return 'Does the credential have the scopes, or the role, that this needs? Is the Host or the Origin allowed?';
  if (cause instanceof AuthError && cause.header !== undefined)
    return 'Is the credential spelled right, meant for this server, and not expired?';
  if (cause instanceof RateLimitError) {
    const { retryAfterMs } = cause;
    const wait = retryAfterMs === undefined ? 'a minute' : `${Math.ceil(retryAfterMs / 1000)} s`;
    return `Wait ${wait} and try again, or raise the limit in the configuration of the server`;
  }
  if (cause instanceof HttpError && cause.status === 404 && 'url' in config) return adviceOnPath(new URL(config.url));
  return undefined;
}

async function adviceOnPath(url: URL): Promise<string> {
  const enabled = 'Is MCP enabled in the configuration of the server?';
  const healthy = await findHealth(url);
  if (healthy === undefined) return enabled;
  const place = healthy.replace(/\/health$/, '');
  return place === url.href ? enabled : `${healthy} answers: is the address ${place}?`;
}
