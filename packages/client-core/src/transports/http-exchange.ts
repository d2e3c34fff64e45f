import { DeliveryUnknownError, isMcpError } from '../errors.ts';

/** One HTTP request, on either of the two ways to send it. */
export interface HttpRequest {
  method: 'POST' | 'GET' | 'DELETE';
  url: URL;
  /** Lower-case names. */
  headers: Record<string, string>;
  body?: string;
  /** Ends the exchange and frees its socket, also while the body is read. */
  signal: AbortSignal | undefined;
}

/** An answer whose body has not been read yet. */
export interface HttpResponse {
  status: number;
  header(name: string): string | undefined;
  /** Decoded chunks; leaving the loop early frees the socket. */
  body: AsyncIterable<Uint8Array>;
  /** Gives up the body and frees the socket. */
  cancel(): void;
}

/** Sends requests; rejects with an `McpError` when no answer comes. */
export interface HttpExchange {
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Frees every socket. */
  close(): void;
}

/** The whole body as text; `onTooLarge` makes the error for one over `limit` bytes. */
export async function readText(response: HttpResponse, limit: number, onTooLarge: () => Error): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body) {
      size += chunk.byteLength;
      if (size > limit) throw onTooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (isMcpError(error)) throw error;
    throw new DeliveryUnknownError('The answer was cut before its end', { cause: error, retryable: true });
  }
  return decode(chunks);
}

/** Reads a short body that nobody needs, so that its socket can be used again. */
export async function discard(response: HttpResponse): Promise<void> {
  if (isEventStream(response)) response.cancel();
  else await readStart(response, 64 * 1024).catch(() => {}); // Nobody needs it.
}

/** At most `limit` bytes of the body, as text. */
export async function readStart(response: HttpResponse, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk.subarray(0, limit - size));
    size += chunk.byteLength;
    if (size >= limit) break;
  }
  return decode(chunks);
}

function decode(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  let text = '';
  for (const chunk of chunks) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

export function isEventStream(response: HttpResponse): boolean {
  return response.status === 200 && /^text\/event-stream/i.test(response.header('content-type') ?? '');
}
