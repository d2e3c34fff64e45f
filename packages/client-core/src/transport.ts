/**
 * The seam between a connection and its wire: the official `Transport` interface, so that every official transport
 * works under our client, and each of ours under the official `Client`.
 */
export type { JSONRPCMessage, Transport, TransportSendOptions } from '@modelcontextprotocol/client';
