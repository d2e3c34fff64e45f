import { openExchange } from '#platform';
import { McpError, MessageTooLargeError } from '../errors.ts';
import { excerpt } from '../protocol/excerpt.ts';
import { isObject, isResponse, type JsonObject, type RequestId } from '../protocol/jsonrpc.ts';
import { routingHeaders } from '../protocol/revision-2026-07-28.ts';
import type { JSONRPCMessage, ReopeningTransport, Transport, TransportSendOptions } from '../transport.ts';
import { followAnswer, listen, type StreamSource } from './answer-stream.ts';
import { resumeHeader } from './event-stream.ts';
import {
  discard,
  isEventStream,
  readStart,
  readText,
  type HttpExchange,
  type HttpRequest,
  type HttpResponse,
} from './http-exchange.ts';
import { failureOf } from './http-failure.ts';
import { fetchExchange } from './http-fetch.ts';

export interface HttpTransportOptions {
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Replaces `node:http`, or the platform's `fetch`. */
  fetch?: typeof fetch | undefined;
  /** Largest message, in bytes after decoding. Default 64 MiB. */
  maxMessageBytes?: number | undefined;
  /** Most calls in flight at the same time; more wait their turn. Default 32, Node only. */
  maxSockets?: number | undefined;
  /** Refuses batches, which only 2025-03-26 allowed. Default false. */
  strict?: boolean | undefined;
}

/**
 * Streamable HTTP: one POST a message, answered as JSON or as an event stream, and a GET stream for what the server says
 * by itself. Streams that were cut are resumed when their events carried ids (2025-03-26 to 2025-11-25).
 */
export function httpTransport(url: string | URL, options: HttpTransportOptions = {}): Transport {
  return new StreamableHttp(new URL(url), options);
}

class StreamableHttp implements ReopeningTransport {
  readonly hasPerRequestStream = true;
  onmessage?: Transport['onmessage'];
  onerror?: Transport['onerror'];
  onclose?: Transport['onclose'];
  onreopened?: ReopeningTransport['onreopened'];
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
    this.#exchange = options.fetch ? fetchExchange(options.fetch) : openExchange(options.maxSockets ?? 32);
    this.#headers = checked(lowerCase(options.headers ?? {}));
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
    const response = await this.#post(message, method, isCall, options);
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
      if (this.sessionId !== undefined)
        await this.#request('DELETE', {}, { signal: AbortSignal.timeout(1000), isCall: false });
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
    isCall: boolean,
    options: TransportSendOptions,
  ): Promise<HttpResponse> {
    const params = (message as { params?: JsonObject }).params;
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(options.headers !== undefined && lowerCase(options.headers)),
      ...(method !== undefined && params !== undefined && routingHeaders(method, params)),
    };
    const hadSession = this.sessionId !== undefined; // Calls at the same time may find it dead one after another.
    const response = await this.#request('POST', headers, {
      body: JSON.stringify(message),
      signal: options.requestSignal,
      isCall: isCall && method !== 'subscriptions/listen', // Such a stream stays open.
    });
    if (response.status >= 200 && response.status < 300) return response;
    throw await this.#failure(response, hadSession);
  }

  /** Sends to where the server last was; redirects are followed within the origin only. */
  async #request(
    method: HttpRequest['method'],
    extra: Record<string, string>,
    sent: Pick<HttpRequest, 'signal' | 'isCall'> & { body?: string },
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

  async #failure(response: HttpResponse, hadSession: boolean): Promise<McpError> {
    const error = await failureOf(response, { from: this.#place, hadSession, credential: this.#credential });
    if (error.code === 'session-lost') this.sessionId = undefined; // There is nothing left to end.
    return error;
  }

  async #readAnswer(response: HttpResponse, id: RequestId, options: TransportSendOptions): Promise<void> {
    const type = response.header('content-type') ?? '';
    if (isEventStream(response)) {
      void this.#followAnswer(response, id, options);
    } else if (/^application\/(.+\+)?json/i.test(type)) {
      const text = await readText(response, this.#limit, () => this.#tooLarge());
      if (!this.#deliver(this.#parse(text), id))
        throw this.#invalid(`The server answered another request: ${excerpt(text, 300)}`);
    } else if (response.status === 202) {
      await discard(response); // The answer comes on the GET stream.
    } else {
      const body = excerpt(await readStart(response, 64 * 1024), 300);
      const what = type === '' ? 'without a content type' : `with ${excerpt(type, 100)}`;
      throw this.#invalid(`${this.#place} answered ${what}, which is not MCP: ${body}`);
    }
  }

  /** Reads the stream of one request; only that request fails when it breaks. */
  async #followAnswer(response: HttpResponse, id: RequestId, options: TransportSendOptions): Promise<void> {
    const signal = options.requestSignal ?? this.#closing.signal;
    let isAnswered = false;
    const onData = (data: string): void => {
      if (this.#deliver(this.#parse(data), id)) isAnswered = true;
    };
    const source = { ...this.#streams(onData), onEventId: options.onresumptiontoken };
    try {
      await followAnswer(response, source, signal, () => isAnswered);
      if (!isAnswered && !signal.aborted && !this.#isClosed) options.onRequestStreamEnd?.();
    } catch (error) {
      if (!signal.aborted && !this.#isClosed) this.onerror?.(Object.assign(asError(error), { requestId: id }));
    }
  }

  #listen(): Promise<void> {
    const source = this.#streams((data) => void this.#deliver(this.#parse(data), undefined));
    return listen(source, this.#closing.signal, {
      onError: (error) => this.onerror?.(asError(error)),
      onReopened: () => this.onreopened?.(),
    });
  }

  #streams(onData: (data: string) => void): StreamSource {
    const get: StreamSource['get'] = (lastEventId, signal) => {
      const headers = { accept: 'text/event-stream', ...resumeHeader(lastEventId) };
      return this.#request('GET', headers, { signal, isCall: false });
    };
    return { get, onData, limit: this.#limit };
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw this.#invalid(`The server sent JSON that cannot be read: ${excerpt(text, 300)}`, error);
    }
  }

  /** Hands on what was received; true when the answer to `id` was among it. */
  #deliver(parsed: unknown, id: RequestId | undefined): boolean {
    const isBatch = Array.isArray(parsed);
    if (isBatch && this.#options.strict === true) throw this.#invalid('The server sent a batch');
    const messages: unknown[] = isBatch ? parsed : [parsed];
    return messages.map((message) => this.#deliverOne(message, isBatch ? undefined : id) === id).includes(true);
  }

  #deliverOne(message: unknown, id: RequestId | undefined): unknown {
    const addressed = id === undefined || this.#options.strict === true ? message : addressTo(id, message);
    // The peer checks what it is given: the official interface promises no more than a parsed message.
    this.onmessage?.(addressed as JSONRPCMessage);
    return isObject(addressed) && isResponse(addressed) ? addressed['id'] : undefined;
  }

  #tooLarge(): McpError {
    return new MessageTooLargeError(`The answer is larger than ${this.#limit} bytes`);
  }

  #invalid(message: string, cause?: unknown): McpError {
    return new McpError('invalid-response', message, { retryable: true, cause });
  }

  /** The server in messages: without user, password and query, which may be secrets. */
  get #place(): string {
    return this.#url.origin + this.#url.pathname;
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }
}

/** An exchange carries one request, so that an answer on it with a foreign id, or an error with none, is its answer. */
function addressTo(id: RequestId, message: unknown): unknown {
  const isOurs = isObject(message) && isResponse(message) && message['id'] !== id;
  return isOurs ? { ...message, id } : message;
}

/** Headers that can be sent; a value with a line break (often from an environment file) would fail each request. */
function checked(headers: Record<string, string>): Record<string, string> {
  const unsendable = Object.keys(headers).find(
    (name) => !/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(headers[name] ?? ''),
  );
  if (unsendable === undefined) return headers;
  const text = `The header ${JSON.stringify(unsendable)} has a character that no header can have; is there a line break in its value?`;
  throw new McpError('config-invalid', text, { delivered: 'no' });
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
