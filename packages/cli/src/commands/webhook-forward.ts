import type { IncomingHttpHeaders } from 'node:http';
import { CliError } from '../cli-error.ts';

const timeoutMs = 15_000;

/** About the connection, or what `fetch` writes itself: all else goes with the signed bytes, so that they verify again. */
const ownHeaders: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/** Posts the bytes of a delivery with its headers, and throws unless the answer is 2xx. */
export type Forward = (body: Uint8Array, headers: IncomingHttpHeaders) => Promise<void>;

export function forwardTo(text: string): Forward {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new CliError('usage', '--forward wants an http or https URL');
  return async (body, headers) => {
    const kept = Object.entries(headers).filter(([name]) => !ownHeaders.has(name));
    const response = await fetch(url, {
      method: 'POST',
      headers: kept.map(([name, value]) => [name, String(value)] as [string, string]),
      body: Uint8Array.from(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: unknown) => {
      throw new Error(`${url.origin} cannot be reached: ${reasonOf(cause)}`, { cause });
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`${url.origin} answers ${response.status}`);
  };
}

/** `fetch` hides what happened behind "fetch failed". */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
