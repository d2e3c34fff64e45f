import { Broadcast } from './broadcast.ts';
import { isMcpError, McpError, QueueFullError } from './errors.ts';
import { excerpt } from './protocol/excerpt.ts';
import { askedDelay, reopenDelay } from './retry.ts';
import { reasonOf, sleep } from './signals.ts';
import { readEvents, resumeHeader } from './transports/event-stream.ts';
import { HttpEndpoint, isSuccess, type NetworkOptions } from './transports/http-endpoint.ts';
import { Secrets } from './transports/secrets.ts';
import { discard, isEventStream, readStart, type HttpResponse } from './transports/http-exchange.ts';

/** One server-sent event. */
export interface ServerSentEvent {
  /** The event's name; `message` when the server gives none. */
  readonly type: string;
  /** The data, its lines joined by `\n`. */
  readonly data: string;
  /** The last id that the server has given, to this event or to an earlier one. */
  readonly id: string | undefined;
  /** The data read as JSON; throws `invalid-response` when it is none. */
  readonly json: () => unknown;
}

export interface SubscribeEventsOptions extends NetworkOptions {
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>;
  /** Ends the loop with its reason. */
  signal?: AbortSignal;
  /** The event after which the server is to start, from an earlier run. */
  lastEventId?: string;
  /** Largest event, in characters. Default 8 MiB. */
  maxEventSize?: number;
  /** What may wait for a loop that is slower than the server, in characters. Default 16 MiB; more ends the loop with `queue-full`. */
  maxQueuedSize?: number;
  /** The stream was lost, or could not be opened, and is opened again in `delayMs`. */
  onReconnecting?: (reconnecting: { delayMs: number; reason: unknown }) => void;
  /** Between 0 and 1, for the waits between attempts. Default `Math.random`. */
  random?: () => number;
}

/** The events of a stream, over all its reconnections. */
export interface EventSubscription extends AsyncIterable<ServerSentEvent>, AsyncDisposable {
  /** Ends the loop and the stream. */
  close(): Promise<void>;
}

/**
 * The server-sent events at `url`, which each `for await` opens with a stream of its own. A lost stream is opened again after
 * the last event that had an id; 204 ends the loop, and an answer that will not mend (most 4xx) throws its typed error.
 */
export function subscribeEvents(url: string | URL, options: SubscribeEventsOptions = {}): EventSubscription {
  const closing = new AbortController();
  const { signal } = options;
  const either = signal === undefined ? closing.signal : AbortSignal.any([closing.signal, signal]);
  const close = async (): Promise<void> => closing.abort(closed);
  return {
    close,
    [Symbol.asyncDispose]: close,
    [Symbol.asyncIterator]: () => eventsAt(new URL(url), options, either),
  };
}

const closed = new McpError('connection-closed', 'The subscription is closed', { delivered: 'no' });

/** A stream that lived for less, and said nothing, counts as one that failed. */
const healthyAfterMs = 5000;

/** Where the events stand, over all streams. */
interface Position {
  lastEventId: string | undefined;
  retryMs: number | undefined;
  /** Streams in a row that failed. */
  failures: number;
}

async function* eventsAt(
  url: URL,
  options: SubscribeEventsOptions,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const { random = Math.random, onReconnecting, maxEventSize = 8 * 1024 * 1024 } = options;
  const endpoint = new HttpEndpoint(url, { ...options, maxMessageBytes: maxEventSize });
  const secrets = new Secrets();
  secrets.addNamed(options.headers);
  secrets.addUrl(url);
  const position: Position = { lastEventId: options.lastEventId, retryMs: undefined, failures: 0 };
  try {
    for (;;) {
      const openedAt = Date.now();
      let reason: unknown;
      try {
        const response = await open(endpoint, position, signal);
        if (response === undefined) return;
        yield* readFrom(response, endpoint.limit, position, options, signal);
      } catch (error) {
        if (signal.aborted || (isMcpError(error) && !error.retryable)) throw error;
        reason = secrets.hideInError(error);
      }
      if (Date.now() - openedAt > healthyAfterMs) position.failures = 0;
      const asked = isMcpError(reason) ? askedDelay(reason) : undefined;
      const delayMs = Math.max(reopenDelay(position.failures++, position.retryMs, random), asked ?? 0);
      onReconnecting?.({ delayMs, reason });
      await sleep(delayMs, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw secrets.hideInError(error);
    if (signal.reason !== closed) throw reasonOf(signal);
  } finally {
    endpoint.close();
  }
}

/** The stream from where the last one ended; `undefined` when the server says that there is no more (204). */
async function open(
  endpoint: HttpEndpoint,
  { lastEventId }: Position,
  signal: AbortSignal,
): Promise<HttpResponse | undefined> {
  const headers = { accept: 'text/event-stream', ...resumeHeader(lastEventId) };
  const response = await endpoint.send({ method: 'GET', headers, signal, isCall: false });
  if (isEventStream(response)) return response;
  if (response.status === 204) return discard(response).then(() => undefined);
  if (!isSuccess(response)) throw await endpoint.failureOf(response);
  const type = response.header('content-type') ?? 'no content type';
  const body = excerpt(await readStart(response, 64 * 1024), 300);
  const text = `${endpoint.place} answered with ${excerpt(type, 100)}, which is no event stream: ${body}`;
  throw new McpError('invalid-response', text, { delivered: 'yes' });
}

async function* readFrom(
  response: HttpResponse,
  limit: number,
  position: Position,
  { maxQueuedSize = 16 * 1024 * 1024 }: SubscribeEventsOptions,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const queue = new Broadcast<ServerSentEvent>(Infinity);
  let queuedSize = 0;
  const events = queue[Symbol.asyncIterator]();
  const reading = readEvents(response, limit, {
    onEvent({ event = 'message', data, id }) {
      if (id !== undefined) position.lastEventId = id === '' ? undefined : id;
      position.failures = 0;
      queuedSize += sizeOf(data);
      if (queuedSize > maxQueuedSize) throw tooSlow(maxQueuedSize);
      queue.emit({ type: event, data, id: position.lastEventId, json: () => parse(data) });
    },
    onRetry: (ms) => (position.retryMs = ms),
  }).finally(() => queue.end());
  reading.catch(() => {}); // Awaited below, when the loop has seen what came before.
  try {
    for await (const event of events) {
      signal.throwIfAborted();
      queuedSize -= sizeOf(event.data);
      yield event;
    }
    await reading;
  } finally {
    response.cancel();
  }
}

/** An event without data takes room, too. */
function sizeOf(data: string): number {
  return data.length + 64;
}

function tooSlow(limit: number): McpError {
  const text = `The loop over the events is too slow: more than ${limit} characters wait for it`;
  return new QueueFullError(text, { retryable: false, delivered: 'yes' });
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (cause) {
    const text = `The event is no JSON; read data instead: ${excerpt(data, 300)}`;
    throw new McpError('invalid-response', text, { delivered: 'yes', cause });
  }
}
