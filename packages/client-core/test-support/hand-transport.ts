import type { JsonObject } from '../src/protocol/jsonrpc.ts';
import type { JSONRPCMessage, Transport, TransportSendOptions } from '../src/transport.ts';

/** A transport whose other end is the test itself. */
export class HandTransport implements Transport {
  onmessage?: Transport['onmessage'];
  onerror?: Transport['onerror'];
  onclose?: Transport['onclose'];
  sessionId?: string;
  readonly hasPerRequestStream: boolean;
  /** Every message so far, in order, and what was said of each. */
  readonly sent: { message: JSONRPCMessage; options: TransportSendOptions | undefined }[] = [];
  /** What every further send rejects with. */
  sendError: Error | undefined;

  constructor(hasPerRequestStream = false) {
    this.hasPerRequestStream = hasPerRequestStream;
  }

  get messages(): JsonObject[] {
    return this.sent.map(({ message }) => ({ ...message }));
  }

  async start(): Promise<void> {}

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    this.sent.push({ message, options });
    if (this.sendError !== undefined) throw this.sendError;
  }

  async close(): Promise<void> {
    this.onclose?.();
  }

  /** Hands over anything at all as if the server had sent it. */
  receive(message: unknown): void {
    this.onmessage?.(message as JSONRPCMessage);
  }

  /** Answers a request by its id. */
  answer(id: unknown, result: unknown): void {
    this.receive({ jsonrpc: '2.0', id, result });
  }

  fail(id: unknown, error: unknown): void {
    this.receive({ jsonrpc: '2.0', id, error });
  }
}
