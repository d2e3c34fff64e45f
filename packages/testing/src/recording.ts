import type { JSONRPCMessage, Transport } from '@toolwire/client-core';
import { tapTransport } from './tap-transport.ts';

/** What passed over a transport, in order: plain data, to be kept as JSON. */
export interface Recording {
  readonly version: 1;
  readonly messages: readonly RecordedMessage[];
}

/** One message, and who sent it. */
export interface RecordedMessage {
  readonly from: 'client' | 'server';
  readonly message: JSONRPCMessage;
  /** Milliseconds since the recording began, where that was noted. */
  readonly atMs?: number;
}

/** Records what passes over `transport` from now on: use the returned one in its place. */
export function recordTransport(transport: Transport): { transport: Transport; recording: Recording } {
  const messages: RecordedMessage[] = [];
  // A copy, because whoever sends a message may change it afterwards.
  const note = (from: RecordedMessage['from'], message: JSONRPCMessage): void =>
    void messages.push({ from, message: structuredClone(message) });
  const tapped = tapTransport(transport, {
    onSent: (message) => note('client', message),
    onReceived: (message) => note('server', message),
  });
  return { transport: tapped, recording: { version: 1, messages } };
}
