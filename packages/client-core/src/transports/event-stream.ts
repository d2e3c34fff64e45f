import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { MessageTooLargeError } from '../errors.ts';
import type { HttpResponse } from './http-exchange.ts';

export interface EventStreamListener {
  onEvent(event: EventSourceMessage): void;
  /** The server names the milliseconds to wait before a reconnection. */
  onRetry(ms: number): void;
}

/** Reads server-sent events until the body ends; rejects when it breaks, or when one event is over `limit` characters. */
export async function readEvents(response: HttpResponse, limit: number, listener: EventStreamListener): Promise<void> {
  const decoder = new TextDecoder();
  const tooLarge = (): Error => new MessageTooLargeError(`An event of the server is larger than ${limit} characters`);
  let failure: Error | undefined;
  const parser = createParser({
    onEvent: (event) => listener.onEvent(event),
    onRetry: (ms) => listener.onRetry(ms),
    maxBufferSize: limit,
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') failure = tooLarge();
    },
  });
  // An unfinished line waits as bytes: as text beside its bytes, an endless one would take twice the memory.
  let unfinished: Uint8Array[] = [];
  let unfinishedBytes = 0;
  await response.read((chunk) => {
    const end = Math.max(chunk.lastIndexOf(lineFeed), chunk.lastIndexOf(carriageReturn)) + 1;
    if (end > 0) {
      for (const piece of [...unfinished, chunk.subarray(0, end)]) parser.feed(decoder.decode(piece, { stream: true }));
      if (failure !== undefined) throw failure;
      unfinished = [];
      unfinishedBytes = 0;
    }
    if (end < chunk.length) unfinished.push(chunk.subarray(end));
    unfinishedBytes += chunk.length - end;
    if (unfinishedBytes > limit) throw tooLarge();
  });
}

/** How to ask for a stream from an event on. A header holds bytes: an id goes as its UTF-8, one byte a character (HTML, 9.2.3); one that no header can hold does not go. */
export function resumeHeader(id: string | undefined): Record<string, string> {
  if (id === undefined || /^$|\p{Cc}/u.test(id)) return {};
  return { 'last-event-id': String.fromCharCode(...new TextEncoder().encode(id)) };
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
