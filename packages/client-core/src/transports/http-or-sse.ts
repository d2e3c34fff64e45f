import { HttpError } from '../errors.ts';
import type { JSONRPCMessage, ReopeningTransport, Transport, TransportSendOptions } from '../transport.ts';
import { forward } from './forward.ts';
import { httpTransport, type HttpTransportOptions } from './http.ts';
import type { SseTransportOptions } from './sse.ts';

/** What a server turned out to speak; kept by whoever opens connections to it, so that it is found out only once. */
export interface KnownWire {
  wire?: 'http' | 'sse';
}

/** Streamable HTTP, or HTTP+SSE for a server that refuses `initialize` as servers from before 2025 do. */
export async function httpOrSseTransport(
  url: URL,
  options: HttpTransportOptions,
  known: KnownWire,
): Promise<Transport> {
  if (known.wire === undefined) return new HttpOrSseTransport(url, options, known);
  return known.wire === 'http' ? httpTransport(url, options) : openSse(url, options);
}

/** How the specification tells the older wire (2025-11-25, basic/transports, backwards compatibility). */
const refusals: readonly number[] = [400, 404, 405];

class HttpOrSseTransport implements ReopeningTransport {
  onmessage?: Transport['onmessage'];
  onerror?: Transport['onerror'];
  onclose?: Transport['onclose'];
  onreopened?: ReopeningTransport['onreopened'];
  onforgotten?: ReopeningTransport['onforgotten'];

  readonly #url: URL;
  readonly #options: HttpTransportOptions;
  readonly #known: KnownWire;
  #wire: Transport;
  #isClosed = false;

  constructor(url: URL, options: HttpTransportOptions, known: KnownWire) {
    this.#url = url;
    this.#options = options;
    this.#known = known;
    this.#wire = httpTransport(url, options);
  }

  get hasPerRequestStream(): boolean {
    return this.#wire.hasPerRequestStream === true;
  }

  get sessionId(): string | undefined {
    return this.#wire.sessionId;
  }

  start(): Promise<void> {
    forward(this.#wire, this);
    return this.#wire.start();
  }

  setProtocolVersion(version: string): void {
    this.#wire.setProtocolVersion?.(version);
  }

  send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    return this.#known.wire === undefined ? this.#sendFirst(message, options) : this.#wire.send(message, options);
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return this.#wire.close();
  }

  /** Sends as long as it is not known whether the server understands. */
  async #sendFirst(message: JSONRPCMessage, options: TransportSendOptions | undefined): Promise<void> {
    try {
      await this.#wire.send(message, options);
      this.#known.wire = 'http';
    } catch (error) {
      if (!('method' in message) || message.method !== 'initialize' || !isRefusal(error)) throw error;
      await this.#turnToSse(error);
      await this.#wire.send(message, options);
    }
  }

  /** What the server said first is the failure when it does not speak the older wire either. */
  async #turnToSse(refusal: HttpError): Promise<void> {
    const http = this.#wire;
    const sse = await openSse(this.#url, { ...this.#options, endpointTimeoutMs });
    if (this.#isClosed) throw refusal;
    this.#wire = sse;
    http.onclose = () => {}; // Its end is not ours.
    await http.close();
    try {
      await this.start();
    } catch (error) {
      throw Object.assign(refusal, { cause: error });
    }
    this.#known.wire = 'sse';
  }
}

function isRefusal(error: unknown): error is HttpError {
  return error instanceof HttpError && refusals.includes(error.status);
}

/** Milliseconds for a server to name its endpoint: what it refused before should not be told much later. */
const endpointTimeoutMs = 5000;

/** Loaded by the first server that needs it: most need none. */
async function openSse(url: URL, options: SseTransportOptions): Promise<Transport> {
  const { sseTransport } = await import('./sse.ts');
  return sseTransport(url, options);
}
