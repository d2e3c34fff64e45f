import type { JSONRPCMessage, Transport, TransportSendOptions } from '../transport.ts';
import { forward } from './forward.ts';
import { httpTransport, type HttpTransportOptions } from './http.ts';
import { answerHandshake } from './own-handshake.ts';

/**
 * JSON-RPC for servers that know no sessions and no handshake: each request is one POST, answered as JSON or as an event
 * stream. Nothing is sent before the first call.
 */
export function postTransport(url: string | URL, options: HttpTransportOptions = {}): Transport {
  return new PostTransport(new URL(url), options);
}

class PostTransport implements Transport {
  readonly hasPerRequestStream = true;
  onmessage?: Transport['onmessage'];
  onerror?: Transport['onerror'];
  onclose?: Transport['onclose'];

  readonly #http: Transport;
  readonly #name: string;

  constructor(url: URL, options: HttpTransportOptions) {
    this.#http = httpTransport(url, options);
    this.#name = url.origin + url.pathname;
  }

  start(): Promise<void> {
    forward(this.#http, this);
    return this.#http.start();
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (!answerHandshake(this, message, this.#name)) await this.#http.send(message, options);
  }

  close(): Promise<void> {
    return this.#http.close();
  }
}
