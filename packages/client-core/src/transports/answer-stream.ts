import { isMcpError } from '../errors.ts';
import { reopenDelay } from '../retry.ts';
import { sleep } from '../signals.ts';
import { readEvents } from './event-stream.ts';
import { discard, isEventStream, type HttpResponse } from './http-exchange.ts';

/** A stream that lived for less counts as one that failed. */
const healthyAfterMs = 5000;

/** Where streams come from, and where their words go. */
export interface StreamSource {
  /** Asks for a stream, from an event on if one is named. */
  get(lastEventId: string | undefined, signal: AbortSignal): Promise<HttpResponse>;
  /** The data of one message event. */
  onData(data: string): void;
  onEventId?: ((id: string) => void) | undefined;
  /** Largest event, in characters. */
  limit: number;
  /** Spreads the reopenings of many clients. Default `Math.random`. */
  random?: () => number;
}

/** One stream over all its reopenings: where it stands, and when it may be opened again. */
interface StreamState {
  lastEventId: string | undefined;
  retryMs: number | undefined;
  failures: number;
}

/** Reads the stream of one request until `isAnswered`, resuming where it was cut if its events carried ids. */
export async function followAnswer(
  response: HttpResponse,
  source: StreamSource,
  signal: AbortSignal,
  isAnswered: () => boolean,
): Promise<void> {
  const state: StreamState = { lastEventId: undefined, retryMs: undefined, failures: 0 };
  for (let next: HttpResponse | undefined = response; next !== undefined;) {
    await read(next, source, state, isAnswered).catch(rethrowOwn); // A cut can be resumed.
    const canResume = !isAnswered() && state.lastEventId !== undefined && !signal.aborted;
    next = canResume ? await resume(source, state, signal) : undefined;
  }
}

export interface ListenListener {
  onError(error: unknown): void;
  /** The stream was lost and is open again. */
  onReopened(): void;
  /** The stream was lost, and is refused now; resolves with whether that is the end of it. */
  onRefused(response: HttpResponse): Promise<boolean>;
}

/** The server's own stream, until `signal` aborts; most answers but a stream mean that there is none. */
export async function listen(source: StreamSource, signal: AbortSignal, listener: ListenListener): Promise<void> {
  const state: StreamState = { lastEventId: undefined, retryMs: undefined, failures: 0 };
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    const openedAt = Date.now();
    try {
      const response = await source.get(state.lastEventId, signal);
      if (isEventStream(response)) {
        if (!isFirst) listener.onReopened();
        await read(response, source, state);
      } else if (isFirst ? await isNoStream(response) : await listener.onRefused(response)) return;
    } catch (error) {
      if (!signal.aborted) listener.onError(error);
    }
    if (Date.now() - openedAt > healthyAfterMs) state.failures = 0;
    await sleep(delayOf(state, source), signal).catch(() => {}); // Closing ends the loop.
    state.failures++;
  }
}

/** Opens a cut answer stream again, until the call's deadline aborts it; `undefined` when the server does not offer it any more. */
async function resume(
  source: StreamSource,
  state: StreamState,
  signal: AbortSignal,
): Promise<HttpResponse | undefined> {
  for (; !signal.aborted; state.failures++) {
    await sleep(delayOf(state, source), signal);
    const response = await source.get(state.lastEventId, signal).catch(() => undefined); // Down for now: ask again.
    if (response === undefined) continue;
    if (isEventStream(response)) return response;
    if (await isNoStream(response)) return undefined;
  }
  return undefined;
}

/** Any answer but a passing failure of the server. */
async function isNoStream(response: HttpResponse): Promise<boolean> {
  await discard(response);
  return response.status < 500 || response.status === 501;
}

/** Some servers leave a stream open after its answer: it is given up then, for its socket is needed. */
const lingerMs = 500;

function read(
  response: HttpResponse,
  source: StreamSource,
  state: StreamState,
  isAnswered = (): boolean => false,
): Promise<void> {
  let lingering: ReturnType<typeof setTimeout> | undefined;
  const reading = readEvents(response, source.limit, {
    onEvent: ({ event, id, data }) => {
      if (id !== undefined && id !== '') {
        state.lastEventId = id;
        source.onEventId?.(id);
      }
      if ((event === undefined || event === 'message') && data !== '') source.onData(data);
      if (isAnswered()) lingering ??= setTimeout(() => response.cancel(), lingerMs);
    },
    onRetry: (ms) => (state.retryMs = ms),
  });
  return reading.finally(() => clearTimeout(lingering));
}

function delayOf({ retryMs, failures }: StreamState, { random = Math.random }: StreamSource): number {
  return reopenDelay(failures, retryMs, random);
}

function rethrowOwn(error: unknown): void {
  if (isMcpError(error)) throw error;
}
