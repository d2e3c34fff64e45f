import { DeliveryUnknownError, isMcpError } from '../errors.ts';

/** One HTTP request, on either of the two ways to send it. */
export interface HttpRequest {
  method: 'POST' | 'GET' | 'DELETE';
  url: URL;
  /** Lower-case names. */
  headers: Record<string, string>;
  body?: string;
  /** Calls share a bounded number of sockets; what must always get through, such as an answer of ours, does not wait for one. */
  isCall: boolean;
  /** Ends the exchange and frees its socket, also while the body is read. */
  signal: AbortSignal | undefined;
}

/** An answer whose body has not been read yet. */
export interface HttpResponse {
  status: number;
  header(name: string): string | undefined;
  /** Hands over each decoded chunk, and resolves at the end or when `onChunk` gives back false; rejects on a cut. */
  read(onChunk: OnChunk): Promise<void>;
  /** Gives up the body and frees the socket. */
  cancel(): void;
}

/** `false` ends the reading; what it throws rejects it. */
export type OnChunk = (chunk: Uint8Array) => boolean | void;

/** Sends requests; rejects with an `McpError` when no answer comes. */
export interface HttpExchange {
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Frees every socket. */
  close(): void;
}

/** The whole body as text; `onTooLarge` makes the error for one over `limit` bytes. */
export async function readText(response: HttpResponse, limit: number, onTooLarge: () => Error): Promise<string> {
  const chunks: Uint8Array[] = []; // Decoded at the end: text beside its bytes would double the memory of a large answer.
  let size = 0;
  try {
    await response.read((chunk) => {
      size += chunk.byteLength;
      if (size > limit) throw onTooLarge();
      chunks.push(chunk);
    });
  } catch (error) {
    if (isMcpError(error)) throw error;
    throw new DeliveryUnknownError('The answer was cut before its end', { cause: error, retryable: true });
  }
  return decode(chunks);
}

/** Longest time for a body that only explains: a server that drips it must not hold the call, nor the socket. */
const startTimeoutMs = 5000;

/** What comes of the body within 5 seconds, at most `limit` bytes, as text. */
export async function readStart(response: HttpResponse, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  const timer = setTimeout(() => response.cancel(), startTimeoutMs);
  try {
    await response.read((chunk) => {
      text += decoder.decode(chunk.subarray(0, limit - size), { stream: true });
      size += chunk.byteLength;
      return size < limit;
    });
  } catch {
    // Cut, by the server or by the timer: what came so far is what there is.
  } finally {
    clearTimeout(timer);
  }
  return text;
}

function decode(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  let text = '';
  for (const chunk of chunks) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

/** Reads a short body that nobody needs, so that its socket can be used again. */
export async function discard(response: HttpResponse): Promise<void> {
  if (isEventStream(response)) response.cancel();
  else await readStart(response, 64 * 1024);
}

export function isEventStream(response: HttpResponse): boolean {
  return response.status === 200 && /^text\/event-stream/i.test(response.header('content-type') ?? '');
}
