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
  let tooLarge: Error | undefined;
  const parser = createParser({
    onEvent: (event) => listener.onEvent(event),
    onRetry: (ms) => listener.onRetry(ms),
    maxBufferSize: limit,
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded')
        tooLarge = new MessageTooLargeError(`An event of the server is larger than ${limit} characters`);
    },
  });
  await response.read((chunk) => {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (tooLarge !== undefined) throw tooLarge;
  });
}
