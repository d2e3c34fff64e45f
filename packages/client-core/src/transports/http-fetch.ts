import { isMcpError, McpError } from '../errors.ts';
import type { HttpExchange, HttpRequest, HttpResponse, OnChunk } from './http-exchange.ts';

/** `fetch` of the platform, or the caller's own: what browsers and edge runtimes use. */
export function fetchExchange(fetchFunction: typeof fetch): HttpExchange {
  const closing = new AbortController();
  return {
    send: (request) => send(fetchFunction, request, closing.signal),
    close: () => closing.abort(),
  };
}

async function send(fetchFunction: typeof fetch, request: HttpRequest, closing: AbortSignal): Promise<HttpResponse> {
  const { method, url, headers, body, signal } = request;
  const either = signal === undefined ? closing : AbortSignal.any([signal, closing]);
  try {
    const init: RequestInit = { method, headers, signal: either, redirect: 'manual' };
    const response = await fetchFunction(url, body === undefined ? init : { ...init, body });
    if (response.type === 'opaqueredirect') throw hiddenRedirect(url);
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
    return {
      status: response.status,
      header: (name) => response.headers.get(name) ?? undefined,
      read: (onChunk) => readBody((reader = response.body?.getReader()), onChunk),
      cancel: () => void (reader ?? response.body)?.cancel().catch(() => {}), // It may have ended already.
    };
  } catch (error) {
    if (either.aborted || isMcpError(error)) throw error;
    // `fetch` does not say whether anything was sent, so that this may have been delivered.
    throw new McpError('connection-failed', `Cannot reach ${url.origin}: ${causeOf(error)}`, {
      cause: error,
      retryable: true,
    });
  }
}

/** Browsers hide where a redirect leads: whether credentials may go there cannot be known. */
function hiddenRedirect({ origin, pathname }: URL): McpError {
  const text = `${origin}${pathname} redirects, which a page cannot look into; use the URL that it leads to`;
  return new McpError('config-invalid', text, { delivered: 'no' });
}

/** A browser's failure is a bare `TypeError`, whatever the reason; others name a cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return error.cause.message;
  const hint = error instanceof TypeError ? ' (is it up, and does it allow this page, by CORS?)' : '';
  return error.message + hint;
}

/** Safari cannot iterate a stream, so its reader is used. */
async function readBody(reader: ReadableStreamDefaultReader<Uint8Array> | undefined, onChunk: OnChunk): Promise<void> {
  if (reader === undefined) return;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (onChunk(next.value) === false) return;
    }
  } finally {
    await reader.cancel().catch(() => {}); // It may have failed already.
  }
}
