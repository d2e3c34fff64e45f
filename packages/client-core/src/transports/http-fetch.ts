import { McpError } from '../errors.ts';
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
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
    return {
      status: response.status,
      header: (name) => response.headers.get(name) ?? undefined,
      read: (onChunk) => readBody((reader = response.body?.getReader()), onChunk),
      cancel: () => void (reader ?? response.body)?.cancel().catch(() => {}), // It may have ended already.
    };
  } catch (error) {
    if (either.aborted) throw error;
    // `fetch` does not say whether anything was sent, so that this may have been delivered.
    throw new McpError('connection-failed', `Cannot reach ${url.origin}: ${causeOf(error)}`, {
      cause: error,
      retryable: true,
    });
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
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
