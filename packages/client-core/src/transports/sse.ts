import { ConnectTimeoutError, isMcpError, McpError, ProtocolError } from '../errors.ts';
import { excerpt } from '../protocol/excerpt.ts';
import { rpcCode } from '../protocol/jsonrpc.ts';
import { withTimeout } from '../signals.ts';
import type { JSONRPCMessage, Transport, TransportSendOptions } from '../transport.ts';
import { readEvents } from './event-stream.ts';
import { HttpEndpoint, isSuccess, sendable, type HttpEndpointOptions } from './http-endpoint.ts';
import { discard, isEventStream, readStart, type HttpResponse } from './http-exchange.ts';

export interface SseTransportOptions extends HttpEndpointOptions {
  /** Milliseconds until the server must have named its endpoint. Default 10,000. */
  endpointTimeoutMs?: number | undefined;
}

/**
 * HTTP+SSE, the remote wire of 2024-11-05: one GET stream carries all that the server says, and its first event names where
 * to POST. The session lives as long as the stream: a lost stream is a lost connection.
 */
export function sseTransport(url: string | URL, options: SseTransportOptions = {}): Transport {
  return new SseTransport(new URL(url), options);
}

class SseTransport implements Transport {
  onmessage?: Transport['onmessage'];
  onerror?: Transport['onerror'];
  onclose?: Transport['onclose'];

  readonly #server: HttpEndpoint;
  readonly #endpointTimeoutMs: number;
  readonly #closing = new AbortController();
  #version: string | undefined;

  constructor(url: URL, { endpointTimeoutMs = 10_000, ...options }: SseTransportOptions) {
    this.#server = new HttpEndpoint(url, options);
    this.#endpointTimeoutMs = endpointTimeoutMs;
  }

  /** Resolves when the server has named its endpoint. */
  async start(): Promise<void> {
    try {
      await withTimeout(this.#open(), this.#endpointTimeoutMs, () => this.#noEndpoint());
    } catch (error) {
      this.#free(); // Whoever opens, closes: on every path.
      throw error;
    }
  }

  setProtocolVersion(version: string): void {
    this.#version = version;
  }

  /** Resolves when the server has accepted the message; its answer comes on the stream. */
  async send(message: JSONRPCMessage, { requestSignal, headers }: TransportSendOptions = {}): Promise<void> {
    const { method, id } = message as { method?: string; id?: unknown };
    if (this.#closing.signal.aborted)
      throw new McpError('connection-closed', 'The transport is closed', { delivered: 'no', retryable: true });
    if (method === 'server/discover') throw notKnown(method);
    const version = this.#version !== undefined && { 'mcp-protocol-version': this.#version };
    const response = await this.#server.send({
      method: 'POST',
      headers: { 'content-type': 'application/json', ...version, ...sendable(headers) },
      body: JSON.stringify(message),
      signal: requestSignal,
      isCall: method !== undefined && id !== undefined,
    });
    if (!isSuccess(response)) throw await this.#server.failureOf(response, true);
    await discard(response);
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#free();
    this.onclose?.();
  }

  async #open(): Promise<void> {
    const { signal } = this.#closing;
    const response = await this.#server.send({
      method: 'GET',
      headers: { accept: 'text/event-stream' },
      signal,
      isCall: false,
    });
    if (!isEventStream(response)) throw await this.#refusal(response);
    await new Promise<void>((resolve, reject) => {
      let isOpen = false;
      const onEndpoint = (location: string): void => {
        if (isOpen) return; // A session does not move.
        this.#server.url = this.#endpointAt(location);
        isOpen = true;
        resolve();
      };
      const onEnd = (cause?: unknown): void => {
        const error = isMcpError(cause) ? cause : this.#lost(cause);
        if (isOpen) this.#lose(error);
        else reject(error);
      };
      this.#read(response, onEndpoint).then(() => onEnd(), onEnd);
    });
  }

  #read(response: HttpResponse, onEndpoint: (location: string) => void): Promise<void> {
    return readEvents(response, this.#server.limit, {
      onEvent: ({ event = 'message', data }) => {
        if (event === 'message') this.#receive(data);
        else if (event === 'endpoint') onEndpoint(data);
      },
      onRetry: () => {}, // The session decides when to connect again.
    });
  }

  /** Only on the origin that was asked: else a server could send credentials and requests to any address it likes. */
  #endpointAt(location: string): URL {
    const { url, place } = this.#server;
    const endpoint = URL.canParse(location, url) ? new URL(location, url) : undefined;
    if (endpoint?.origin !== url.origin) {
      const shown = excerpt(location.replace(/[?#].*/s, ''), 300); // A query may be a secret.
      const text = `${place} names ${shown} as its endpoint, which is not on its own origin and is not used`;
      throw new McpError('invalid-response', text, { delivered: 'no' });
    }
    endpoint.username = url.username;
    endpoint.password = url.password;
    return endpoint;
  }

  #receive(data: string): void {
    let message: JSONRPCMessage;
    try {
      message = JSON.parse(data) as JSONRPCMessage; // The peer checks what it is given.
    } catch (cause) {
      const text = `The server sent JSON that cannot be read: ${excerpt(data, 300)}`;
      this.onerror?.(new McpError('invalid-response', text, { cause }));
      return;
    }
    this.onmessage?.(message);
  }

  #lose(error: McpError): void {
    if (this.#closing.signal.aborted) return;
    this.onerror?.(error);
    void this.close();
  }

  #lost(cause: unknown): McpError {
    const text = `The stream of ${this.#server.place} ${cause === undefined ? 'ended' : 'was cut'}`;
    return new McpError('connection-closed', text, { delivered: 'no', retryable: true, cause });
  }

  async #refusal(response: HttpResponse): Promise<McpError> {
    if (!isSuccess(response)) return this.#server.failureOf(response);
    const type = response.header('content-type') ?? 'no content type';
    const body = excerpt(await readStart(response, 64 * 1024), 300);
    const text = `${this.#server.place} answered with ${excerpt(type, 100)}, which is no event stream: ${body}`;
    return new McpError('invalid-response', text, { delivered: 'no' });
  }

  #noEndpoint(): McpError {
    const text = `${this.#server.place} named no endpoint within ${this.#endpointTimeoutMs} ms; is it an MCP server over HTTP+SSE?`;
    return new ConnectTimeoutError(text);
  }

  #free(): void {
    this.#closing.abort();
    this.#server.close();
  }
}

/** No revision without a handshake was ever spoken over this wire: to ask would only cost a round trip. */
function notKnown(method: string): ProtocolError {
  return new ProtocolError(`${method} is not known over HTTP+SSE`, { rpcCode: rpcCode.methodNotFound });
}
