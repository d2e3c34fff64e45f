import { isTooDeep } from '../protocol/depth.ts';
import type { JSONRPCMessage, ReopeningTransport, Transport, TransportSendOptions } from '../transport.ts';
import { forward } from './forward.ts';
import type { Secrets } from './secrets.ts';

/** The same wire; what it fails with, and what the server answers as an error, repeats no secret. */
export function hidingTransport(inner: Transport, secrets: Secrets): Transport {
  return new HidingTransport(inner, secrets);
}

class HidingTransport implements ReopeningTransport {
  onmessage?: Transport['onmessage'];
  onerror?: Transport['onerror'];
  onclose?: Transport['onclose'];
  onreopened?: ReopeningTransport['onreopened'];
  onforgotten?: ReopeningTransport['onforgotten'];

  readonly #inner: Transport;
  readonly #secrets: Secrets;

  constructor(inner: Transport, secrets: Secrets) {
    this.#inner = inner;
    this.#secrets = secrets;
  }

  get hasPerRequestStream(): boolean {
    return this.#inner.hasPerRequestStream === true;
  }

  get sessionId(): string | undefined {
    return this.#inner.sessionId;
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion?.(version);
  }

  start(): Promise<void> {
    forward(this.#inner, this);
    this.#inner.onerror = (error) => this.onerror?.(this.#secrets.hideInError(error));
    this.#inner.onmessage = (message, extra) => this.onmessage?.(this.#withoutSecrets(message), extra);
    return this.#inner.start().catch((error: unknown) => this.#fail(error));
  }

  send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (options?.headers !== undefined) this.#secrets.addNamed(options.headers);
    return this.#inner.send(message, options).catch((error: unknown) => this.#fail(error));
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #fail(error: unknown): never {
    throw this.#secrets.hideInError(error);
  }

  /** Results are the caller's, whatever they say; errors end in logs. */
  #withoutSecrets(message: JSONRPCMessage): JSONRPCMessage {
    const { error } = message as { error?: unknown }; // The wire has not checked it.
    if (error === undefined || error === null || isTooDeep(message)) return message;
    return { ...message, error: this.#secrets.hideIn(error) } as JSONRPCMessage; // Nothing but its texts has changed.
  }
}
