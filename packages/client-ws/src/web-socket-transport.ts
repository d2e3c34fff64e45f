import { openWire } from '#platform';
import {
  checkEncrypted,
  ConnectTimeoutError,
  McpError,
  MessageTooLargeError,
  QueueFullError,
  type JSONRPCMessage,
  type TlsOptions,
  type Transport,
} from '@toolwire/client-core';
import { closeFailure } from './close-failure.ts';
import { readFrame } from './read-frame.ts';
import { openWithSubprotocol } from './subprotocol.ts';
import type { Close, Wire, WireListener, WireRequest } from './wire.ts';

/** How to open a WebSocket, and what it may cost. */
export interface WebSocketTransportOptions {
  /** Sent with the handshake; Node only. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Offered as they are, and the server has to take one. Default `mcp`, or none where a server does not know it. */
  protocols?: readonly string[] | undefined;
  /** A server that is silent for so long is pinged, and given up after twice as long; 0 is never. Default 15,000; Node only. */
  pingIntervalMs?: number | undefined;
  /** The largest message to receive, in bytes. Default 64 MiB. */
  maxMessageBytes?: number | undefined;
  /** How many bytes may wait to be sent before more is refused. Default 8 MiB. */
  maxBufferedBytes?: number | undefined;
  /** How long the handshake may take, in milliseconds. Default 15,000. */
  handshakeTimeoutMs?: number | undefined;
  /** Certificates for wss:; Node only. */
  tls?: TlsOptions | undefined;
  /** Sends credentials over ws: to other machines, too, where everybody on the way can read them. Default false. */
  allowInsecureHttp?: boolean | undefined;
  /** Refuses batches, which only 2025-03-26 allows. Default false. */
  strict?: boolean | undefined;
}

/** MCP over a WebSocket, in Node and in browsers: one message a frame, one connection a transport. */
export function webSocketTransport(url: string | URL, options: WebSocketTransportOptions = {}): Transport {
  return new WebSocketTransport(parseUrl(url), options);
}

/** How long `close()` waits for the server's goodbye, in milliseconds. */
const closeGraceMs = 500;

class WebSocketTransport implements Transport {
  onmessage?: Transport['onmessage'];
  onerror?: Transport['onerror'];
  onclose?: Transport['onclose'];

  readonly #url: URL;
  /** The server in messages: without user, password and query, which may be secrets. */
  readonly #place: string;
  readonly #options: WebSocketTransportOptions;
  readonly #maxMessageBytes: number;
  readonly #opening = new AbortController();
  /** The ids of requests of ours that have no answer yet. */
  readonly #awaited = new Set<unknown>();
  #isStarted = false;
  #wire: Wire | undefined;
  #closing: Promise<void> | undefined;
  #isOver = false;
  #onOver: (() => void) | undefined;
  /** Why the connection ended, once it has. */
  readonly #ended: Promise<McpError>;
  #onEnded: (failure: McpError) => void = () => {};

  constructor(url: URL, options: WebSocketTransportOptions) {
    this.#url = url;
    this.#place = url.origin + url.pathname;
    this.#options = options;
    this.#maxMessageBytes = options.maxMessageBytes ?? 64 * 1024 * 1024;
    this.#ended = new Promise((resolve) => (this.#onEnded = resolve));
  }

  async start(): Promise<void> {
    if (this.#isStarted || this.#closing !== undefined) {
      const text = `The WebSocket to ${this.#place} was opened before; a transport serves one connection, so make a new one`;
      throw new McpError('connection-failed', text, { delivered: 'no' });
    }
    this.#isStarted = true;
    const { handshakeTimeoutMs = 15_000 } = this.#options;
    const late = `${this.#place} did not answer the WebSocket handshake within ${handshakeTimeoutMs} ms`;
    const timer = setTimeout(() => this.#opening.abort(new ConnectTimeoutError(late)), handshakeTimeoutMs);
    try {
      this.#wire = await this.#open();
    } finally {
      clearTimeout(timer);
    }
    if (this.#closing === undefined) return;
    this.#wire.terminate(); // It came after close().
    throw this.#closedError();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const wire = this.#wire;
    const { maxBufferedBytes = 8 * 1024 * 1024 } = this.#options;
    if (wire?.isOpen !== true) throw await this.#whyNotOpen();
    if (wire.bufferedAmount > maxBufferedBytes)
      throw new QueueFullError(`${this.#place} reads too slowly: ${wire.bufferedAmount} bytes wait to be sent to it`);
    this.#keepAccount(message);
    wire.send(JSON.stringify(message));
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#end());
  }

  async #open(): Promise<Wire> {
    const { headers = {}, pingIntervalMs = 15_000, protocols, tls, allowInsecureHttp } = this.#options;
    if (allowInsecureHttp !== true) checkEncrypted(this.#url, headers);
    const listener: WireListener = {
      onFrame: (data) => this.#onFrame(data),
      onClose: (close) => this.#onClose(close),
    };
    const request: Omit<WireRequest, 'protocols'> = {
      url: this.#url,
      place: this.#place,
      headers,
      maxMessageBytes: this.#maxMessageBytes,
      pingIntervalMs,
      tls,
      signal: this.#opening.signal,
    };
    return protocols === undefined
      ? openWithSubprotocol(request, listener)
      : openWire({ ...request, protocols }, listener);
  }

  async #end(): Promise<void> {
    this.#opening.abort(this.#closedError());
    const wire = this.#wire;
    if (wire !== undefined && !this.#isOver) {
      wire.close();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, closeGraceMs);
        this.#onOver = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      wire.terminate();
    }
    this.#finish();
  }

  #onFrame(data: string | Uint8Array): void {
    let parsed: unknown;
    try {
      parsed = readFrame(data, { place: this.#place, maxMessageBytes: this.#maxMessageBytes });
    } catch (error) {
      this.#tellWhy(error as McpError); // As `readFrame` promises.
      return;
    }
    if (!Array.isArray(parsed)) this.#deliver(parsed, false);
    else for (const message of parsed) this.#deliver(message, true);
  }

  #deliver(message: unknown, isBatch: boolean): void {
    const { id, method } = Object(message) as { id?: unknown; method?: unknown }; // Any value may be JSON.
    if (method === undefined) this.#awaited.delete(id);
    if (isBatch && this.#options.strict === true) {
      const refused = new McpError('invalid-response', `${this.#place} sent a batch`, { delivered: 'yes' });
      this.onerror?.(Object.assign(refused, { requestId: id }));
      return;
    }
    try {
      this.onmessage?.(message as JSONRPCMessage); // The peer checks it: the interface promises no more than JSON.
    } catch (error) {
      this.onerror?.(error as Error);
    }
  }

  #keepAccount(message: JSONRPCMessage): void {
    if (!('method' in message)) return;
    if ('id' in message) this.#awaited.add(message.id);
    else if (message.method === 'notifications/cancelled') this.#awaited.delete(message.params?.['requestId']);
  }

  #onClose(close: Close): void {
    if (this.#closing !== undefined) {
      this.#finish();
      return;
    }
    const failure = closeFailure(this.#place, close);
    this.#onEnded(failure);
    this.#tellWhy(failure);
    setTimeout(() => this.#finish()); // A turn later: who wanted to send has heard by then that nothing was sent.
  }

  /** A failure for good is the answer to all that waits, except where one message is at fault and it may be any. */
  #tellWhy(error: McpError): void {
    this.onerror?.(error);
    const isOfOne = error instanceof MessageTooLargeError;
    if (error.retryable || (isOfOne && this.#awaited.size > 1)) return;
    for (const requestId of this.#awaited) this.onerror?.(Object.assign(error, { requestId }));
    this.#awaited.clear();
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onOver?.();
    this.onclose?.();
  }

  /** A server that has said goodbye has said why, which is known when the connection has ended. */
  async #whyNotOpen(): Promise<McpError> {
    const isEnding = this.#wire !== undefined && this.#closing === undefined;
    const cause = isEnding ? await this.#ended : undefined;
    if (cause === undefined || cause.retryable) return this.#closedError(cause);
    return new McpError(cause.code, cause.message, { delivered: 'no', cause });
  }

  #closedError(cause?: McpError): McpError {
    const text = `The WebSocket to ${this.#place} is not open; nothing was sent`;
    return new McpError('connection-closed', text, { delivered: 'no', retryable: true, cause });
  }
}

function parseUrl(url: string | URL): URL {
  const parsed = URL.canParse(String(url)) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'ws:' && parsed?.protocol !== 'wss:') {
    const text = 'A WebSocket needs a URL that begins with ws:// or wss://';
    throw new McpError('config-invalid', text, { delivered: 'no' });
  }
  parsed.hash = ''; // A WebSocket must have none.
  return parsed;
}
