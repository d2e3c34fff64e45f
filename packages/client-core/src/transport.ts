/**
 * The seam between a connection and its wire: the official `Transport` interface, so that every official transport
 * works under our client, and each of ours under the official `Client`.
 */
import type { Transport } from '@modelcontextprotocol/client';

export type { JSONRPCMessage, Transport, TransportSendOptions } from '@modelcontextprotocol/client';

/** A transport that can lose what the server says by itself without losing the connection. */
export interface ReopeningTransport extends Transport {
  /** The server's own stream is open again: messages may have been missed. */
  onreopened?: (() => void) | undefined;
  /** The server's own stream was lost, and the server says that it no longer knows the session. */
  onforgotten?: (() => void) | undefined;
}
