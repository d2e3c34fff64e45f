import { McpError } from '../errors.ts';
import { excerpt } from '../protocol/excerpt.ts';
import { isObject, isResponse, type JsonObject, type RequestId } from '../protocol/jsonrpc.ts';
import { routingHeaders } from '../protocol/revision-2026-07-28.ts';
import type { JSONRPCMessage, ReopeningTransport, Transport, TransportSendOptions } from '../transport.ts';
import { followAnswer, listen, type StreamSource } from './answer-stream.ts';
import { resumeHeader } from './event-stream.ts';
import { HttpEndpoint, isSuccess, sendable, type HttpEndpointOptions, type HttpQuestion } from './http-endpoint.ts';
import { discard, isEventStream, readStart, type HttpResponse } from './http-exchange.ts';

export interface HttpTransportOptions extends HttpEndpointOptions {
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
  onforgotten?: ReopeningTransport['onforgotten'];
  sessionId: string | undefined;

  readonly #server: HttpEndpoint;
  readonly #strict: boolean;
  readonly #closing = new AbortController();
  #version: string | undefined;
  /** The server no longer knows the session: there is nothing left to end. */
  #isForgotten = false;

  constructor(url: URL, { strict = false, ...options }: HttpTransportOptions) {
    this.#server = new HttpEndpoint(url, options);
    this.#strict = strict;
  }

  async start(): Promise<void> {}

  setProtocolVersion(version: string): void {
    this.#version = version;
  }

  async send(message: JSONRPCMessage, options: TransportSendOptions = {}): Promise<void> {
    const { method, id } = message as { method?: string; id?: RequestId };
    const isCall = method !== undefined && id !== undefined;
    if (method === 'initialize') this.sessionId = undefined; // It opens another session.
    const response = await this.#post(message, method, isCall, options);
    if (!isCall) {
      await discard(response); // Whatever a server says to a notification means nothing.
      if (method === 'notifications/initialized') void this.#listen();
      return;
    }
    if (method === 'initialize') this.sessionId = response.header('mcp-session-id');
    await this.#readAnswer(response, id, options);
  }

  /** Frees the streams, and tells the server that the session is over. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    try {
      if (this.sessionId !== undefined && !this.#isForgotten)
        await this.#request('DELETE', {}, { signal: AbortSignal.timeout(1000), isCall: false });
    } catch {
      // A server that is gone, or knows no DELETE, has nothing left to end.
    } finally {
      this.#server.close();
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
      ...(options.headers !== undefined && sendable(options.headers)),
      ...(method !== undefined && params !== undefined && routingHeaders(method, params)),
    };
    const hadSession = this.sessionId !== undefined; // Calls at the same time may find it dead one after another.
    const response = await this.#request('POST', headers, {
      body: JSON.stringify(message),
      signal: options.requestSignal,
      isCall: isCall && method !== 'subscriptions/listen', // Such a stream stays open.
    });
    if (isSuccess(response)) return response;
    throw await this.#failure(response, hadSession);
  }

  async #failure(response: HttpResponse, hadSession: boolean): Promise<McpError> {
    const error = await this.#server.failureOf(response, hadSession);
    if (error.code === 'session-lost') {
      this.#isForgotten = true;
      this.onforgotten?.(); // Also found by a message that nobody waits for.
    }
    return error;
  }

  #request(
    method: HttpQuestion['method'],
    extra: Record<string, string>,
    sent: Pick<HttpQuestion, 'signal' | 'isCall' | 'body'>,
  ): Promise<HttpResponse> {
    const headers: Record<string, string> = {};
    if (this.sessionId !== undefined) headers['mcp-session-id'] = this.sessionId;
    if (this.#version !== undefined) headers['mcp-protocol-version'] = this.#version;
    return this.#server.send({ method, headers: Object.assign(headers, extra), ...sent });
  }

  async #readAnswer(response: HttpResponse, id: RequestId, options: TransportSendOptions): Promise<void> {
    const type = response.header('content-type') ?? '';
    if (isEventStream(response)) {
      void this.#followAnswer(response, id, options);
    } else if (/^application\/(.+\+)?json/i.test(type)) {
      const text = await this.#server.readText(response);
      if (!this.#deliver(this.#parse(text), id))
        throw this.#invalid(`The server answered another request: ${excerpt(text, 300)}`);
    } else if (response.status === 202) {
      await discard(response); // The answer comes on the GET stream.
    } else {
      const body = excerpt(await readStart(response, 64 * 1024), 300);
      const what = type === '' ? 'without a content type' : `with ${excerpt(type, 100)}`;
      throw this.#invalid(`${this.#server.place} answered ${what}, which is not MCP: ${body}`);
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
      onRefused: async (response) => {
        const error = await this.#failure(response, this.sessionId !== undefined);
        return !error.retryable || error.code === 'session-lost';
      },
    });
  }

  #streams(onData: (data: string) => void): StreamSource {
    const get: StreamSource['get'] = (lastEventId, signal) => {
      const headers = { accept: 'text/event-stream', ...resumeHeader(lastEventId) };
      return this.#request('GET', headers, { signal, isCall: false });
    };
    return { get, onData, limit: this.#server.limit };
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
    if (isBatch && this.#strict) throw this.#invalid('The server sent a batch');
    const messages: unknown[] = isBatch ? parsed : [parsed];
    return messages.map((message) => this.#deliverOne(message, isBatch ? undefined : id) === id).includes(true);
  }

  #deliverOne(message: unknown, id: RequestId | undefined): unknown {
    const addressed = id === undefined || this.#strict ? message : addressTo(id, message);
    // The peer checks what it is given: the official interface promises no more than a parsed message.
    this.onmessage?.(addressed as JSONRPCMessage);
    return isObject(addressed) && isResponse(addressed) ? addressed['id'] : undefined;
  }

  #invalid(message: string, cause?: unknown): McpError {
    return new McpError('invalid-response', message, { retryable: true, cause });
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

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
