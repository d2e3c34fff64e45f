import { isMcpError, McpError, MessageTooLargeError } from '../errors.ts';
import { excerpt } from '../protocol/excerpt.ts';
import { isObject, isRequestId, type JsonObject, type RequestId } from '../protocol/jsonrpc.ts';
import { routingHeaders } from '../protocol/revision-2026-07-28.ts';
import { sleep } from '../signals.ts';
import type { JSONRPCMessage, Transport, TransportSendOptions } from '../transport.ts';
import { readEvents } from './event-stream.ts';
import {
  discard,
  readStart,
  readText,
  type HttpExchange,
  type HttpRequest,
  type HttpResponse,
} from './http-exchange.ts';
import { failureOf } from './http-failure.ts';
import { fetchExchange } from './http-fetch.ts';
import { nodeExchange } from './http-node.ts';

export interface HttpTransportOptions {
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Replaces `node:http`, or the platform's `fetch`. */
  fetch?: typeof fetch | undefined;
  /** Largest message, in bytes after decoding. Default 64 MiB. */
  maxMessageBytes?: number;
  /** Most requests in flight at the same time; more wait their turn. Default 32, Node only. */
  maxSockets?: number;
  /** Refuses batches, which only 2025-03-26 allowed. Default false. */
  strict?: boolean;
}

/**
 * Streamable HTTP: one POST a message, answered as JSON or as an event stream, and a GET stream for what the server says
 * by itself. Streams that were cut are resumed when their events carried ids (2025-03-26 to 2025-11-25).
 */
export function httpTransport(url: string | URL, options: HttpTransportOptions = {}): Transport {
  return new StreamableHttp(new URL(url), options);
}

/** Waits between attempts to reopen a stream, in milliseconds. */
const reopen = { first: 1000, floor: 100, most: 30_000, healthyAfter: 5000, resumeAttempts: 10 };

/** One event stream over all its reopenings: where it stands, and when it may be opened again. */
interface StreamState {
  lastEventId: string | undefined;
  retryMs: number | undefined;
  failures: number;
}

class StreamableHttp implements Transport {
  readonly hasPerRequestStream = true;
  onmessage?: Transport['onmessage'];
  onerror?: Transport['onerror'];
  onclose?: Transport['onclose'];
  sessionId: string | undefined;

  #url: URL;
  readonly #options: HttpTransportOptions;
  readonly #limit: number;
  readonly #exchange: HttpExchange;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #credential: string | undefined;
  readonly #closing = new AbortController();
  #version: string | undefined;

  constructor(url: URL, options: HttpTransportOptions) {
    this.#url = url;
    this.#options = options;
    this.#limit = options.maxMessageBytes ?? 64 * 1024 * 1024;
    this.#exchange = openExchange(options);
    this.#headers = lowerCase(options.headers ?? {});
    this.#credential = Object.keys(this.#headers).find((name) => /auth|key|token|secret|cookie/.test(name));
  }

  async start(): Promise<void> {
    if (!/^https?:$/.test(this.#url.protocol))
      throw new McpError(
        'connection-failed',
        `${this.#url.protocol} is no protocol for MCP over HTTP; use http: or https:`,
      );
  }

  setProtocolVersion(version: string): void {
    this.#version = version;
  }

  async send(message: JSONRPCMessage, options: TransportSendOptions = {}): Promise<void> {
    const { method, id } = message as { method?: string; id?: RequestId };
    const isCall = method !== undefined && id !== undefined;
    const response = await this.#post(message, method, options);
    if (!isCall) {
      await discard(response); // Whatever a server says to a notification means nothing.
      if (method === 'notifications/initialized') void this.#listen();
      return;
    }
    if (method === 'initialize') this.sessionId = response.header('mcp-session-id') ?? this.sessionId;
    await this.#readAnswer(response, id, options);
  }

  /** Frees the streams, and tells the server that the session is over. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    try {
      if (this.sessionId !== undefined) await this.#request('DELETE', {}, { signal: AbortSignal.timeout(1000) });
    } catch {
      // A server that is gone, or knows no DELETE, has nothing left to end.
    } finally {
      this.#exchange.close();
      this.onclose?.();
    }
  }

  async #post(
    message: JSONRPCMessage,
    method: string | undefined,
    options: TransportSendOptions,
  ): Promise<HttpResponse> {
    const params = (message as { params?: JsonObject }).params;
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...lowerCase(options.headers ?? {}),
      ...(method !== undefined && params !== undefined && routingHeaders(method, params)),
    };
    const response = await this.#request('POST', headers, {
      body: JSON.stringify(message),
      signal: options.requestSignal,
    });
    if (response.status >= 200 && response.status < 300) return response;
    throw await this.#failure(response);
  }

  /** Sends to where the server last was; redirects are followed within the origin only. */
  async #request(
    method: HttpRequest['method'],
    extra: Record<string, string>,
    sent: { body?: string; signal: AbortSignal | undefined },
  ): Promise<HttpResponse> {
    const headers: Record<string, string> = { ...this.#headers };
    if (this.sessionId !== undefined) headers['mcp-session-id'] = this.sessionId;
    if (this.#version !== undefined) headers['mcp-protocol-version'] = this.#version;
    Object.assign(headers, extra);
    for (let redirects = 0; ; redirects++) {
      const response = await this.#exchange.send({ method, url: this.#url, headers, ...sent });
      const target = redirects < 5 ? this.#sameOriginRedirect(response) : undefined;
      if (target === undefined) return response;
      await discard(response);
      this.#url = target;
    }
  }

  /** 307 and 308 keep method and body: servers mounted with a trailing slash answer so. */
  #sameOriginRedirect(response: HttpResponse): URL | undefined {
    const location = response.header('location');
    if ((response.status !== 307 && response.status !== 308) || location === undefined) return undefined;
    const target = URL.canParse(location, this.#url) ? new URL(location, this.#url) : undefined;
    return target?.origin === this.#url.origin ? target : undefined;
  }

  async #failure(response: HttpResponse): Promise<McpError> {
    const hadSession = this.sessionId !== undefined;
    const error = await failureOf(response, { url: this.#url, hadSession, credential: this.#credential });
    if (error.code === 'session-lost') this.sessionId = undefined; // There is nothing left to end.
    return error;
  }

  async #readAnswer(response: HttpResponse, id: RequestId, options: TransportSendOptions): Promise<void> {
    const type = response.header('content-type') ?? '';
    if (/^text\/event-stream/i.test(type)) {
      void this.#followAnswer(response, id, options);
    } else if (/^application\/(.+\+)?json/i.test(type)) {
      const text = await readText(response, this.#limit, () => this.#tooLarge());
      this.#deliverAll(this.#parse(text), id);
    } else if (response.status === 202) {
      await discard(response); // The answer comes on the GET stream.
    } else {
      const body = excerpt(await readStart(response, 64 * 1024), 300);
      const what = type === '' ? 'without a content type' : `with ${excerpt(type, 100)}`;
      throw this.#invalid(`${this.#url.href.split('?')[0]} answered ${what}, which is not MCP: ${body}`);
    }
  }

  /** Reads the stream of one request until its answer came, resuming where it was cut. */
  async #followAnswer(response: HttpResponse, id: RequestId, options: TransportSendOptions): Promise<void> {
    const state: StreamState = { lastEventId: options.resumptionToken, retryMs: undefined, failures: 0 };
    const signal = options.requestSignal ?? this.#closing.signal;
    let isAnswered = false;
    const onMessage = (message: unknown): void => {
      isAnswered ||= isAnswerTo(message, id);
      this.#deliver(message, id);
    };
    const canResume = (): boolean => !isAnswered && state.lastEventId !== undefined && !signal.aborted;
    try {
      for (let next: HttpResponse | undefined = response; next !== undefined;) {
        await this.#readStream(next, state, onMessage, options.onresumptiontoken).catch(rethrowOwn); // A cut can be resumed.
        next = canResume() ? await this.#resume(state, signal) : undefined;
      }
    } catch (error) {
      if (!signal.aborted && !this.#isClosed) this.#raise(error, id);
    }
    if (!isAnswered && !signal.aborted && !this.#isClosed) options.onRequestStreamEnd?.();
  }

  /** Opens a cut answer stream again; `undefined` when the server does not offer it any more. */
  async #resume(state: StreamState, signal: AbortSignal): Promise<HttpResponse | undefined> {
    for (; state.failures < reopen.resumeAttempts; state.failures++) {
      await sleep(delayOf(state), signal);
      const response = await this.#get(state.lastEventId, signal).catch(() => undefined); // Down for now: ask again.
      if (response === undefined) continue;
      if (isEventStream(response)) return response;
      await discard(response);
      if (response.status < 500) return undefined;
    }
    return undefined;
  }

  /** The server's own stream, for as long as this transport lives; most answers but a stream mean that there is none. */
  async #listen(): Promise<void> {
    const state: StreamState = { lastEventId: undefined, retryMs: undefined, failures: 0 };
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        const response = await this.#get(state.lastEventId, signal);
        if (!isEventStream(response)) {
          await discard(response);
          if (response.status < 500 || response.status === 501) return;
        } else {
          const openedAt = Date.now();
          await this.#readStream(response, state, (message) => this.#deliver(message, undefined));
          if (Date.now() - openedAt > reopen.healthyAfter) state.failures = 0;
        }
      } catch (error) {
        if (signal.aborted) return;
        this.onerror?.(asError(error));
      }
      await sleep(delayOf(state), signal).catch(() => {}); // Closing ends the loop.
      state.failures++;
    }
  }

  #get(lastEventId: string | undefined, signal: AbortSignal): Promise<HttpResponse> {
    const headers = { accept: 'text/event-stream', ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) };
    return this.#request('GET', headers, { signal });
  }

  #readStream(
    response: HttpResponse,
    state: StreamState,
    onMessage: (message: unknown) => void,
    onEventId?: (id: string) => void,
  ): Promise<void> {
    return readEvents(response.body, this.#limit, {
      onEvent: ({ event, id, data }) => {
        if (id !== undefined && id !== '') {
          state.lastEventId = id;
          onEventId?.(id);
        }
        if ((event === undefined || event === 'message') && data !== '') onMessage(this.#parse(data));
      },
      onRetry: (ms) => (state.retryMs = ms),
    });
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw this.#invalid(`The server sent JSON that cannot be read: ${excerpt(text, 300)}`, error);
    }
  }

  #deliverAll(parsed: unknown, id: RequestId | undefined): void {
    for (const message of Array.isArray(parsed) ? parsed : [parsed]) this.#deliver(message, id);
  }

  #deliver(parsed: unknown, id: RequestId | undefined): void {
    if (Array.isArray(parsed)) {
      if (this.#options.strict === true) throw this.#invalid('The server sent a batch');
      this.#deliverAll(parsed, id);
      return;
    }
    // The peer checks what it is given; a parsed message is the one thing that the official interface can promise.
    this.onmessage?.(addressed(parsed, id) as JSONRPCMessage);
  }

  /** Tells whose answer failed, so that only that call fails. */
  #raise(error: unknown, id: RequestId): void {
    this.onerror?.(Object.assign(asError(error), { requestId: id }));
  }

  #tooLarge(): McpError {
    return new MessageTooLargeError(`The answer is larger than ${this.#limit} bytes`);
  }

  #invalid(message: string, cause?: unknown): McpError {
    return new McpError('invalid-response', message, { retryable: true, cause });
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }
}

function openExchange(options: HttpTransportOptions): HttpExchange {
  if (options.fetch !== undefined) return fetchExchange(options.fetch);
  const isNode = typeof process !== 'undefined' && typeof process.getBuiltinModule === 'function';
  return isNode ? nodeExchange(options.maxSockets ?? 32) : fetchExchange(globalThis.fetch);
}

function delayOf({ retryMs, failures }: StreamState): number {
  const first = Math.max(retryMs ?? reopen.first, reopen.floor);
  return Math.min(first * 2 ** failures, Math.max(first, reopen.most));
}

function isEventStream(response: HttpResponse): boolean {
  return response.status === 200 && /^text\/event-stream/i.test(response.header('content-type') ?? '');
}

function isAnswerTo(message: unknown, id: RequestId): boolean {
  return (
    isObject(message) &&
    !('method' in message) &&
    (message['id'] === id || !isRequestId(message['id']) || 'error' in message)
  );
}

/** An exchange carries one request: an error on it with another id, or none, can only be its answer. */
function addressed(message: unknown, id: RequestId | undefined): unknown {
  if (id === undefined || !isObject(message) || !isObject(message['error']) || message['id'] === id) return message;
  return 'method' in message ? message : { ...message, id };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function rethrowOwn(error: unknown): void {
  if (isMcpError(error)) throw error;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
