import { ProtocolError } from '../errors.ts';
import { paramsOf, rpcCode } from '../protocol/jsonrpc.ts';
import type { JSONRPCMessage, Transport } from '../transport.ts';

/**
 * Answers the handshake for a server that knows none, and drops notifications, which no session would connect with anything;
 * false for a message that is to be sent. `name` is what the server is called: it has not said anything itself.
 */
export function answerHandshake(transport: Transport, message: JSONRPCMessage, name: string): boolean {
  const { id, method } = message as { id?: number; method?: string };
  if (id === undefined) return true;
  if (method === 'server/discover')
    throw new ProtocolError('There is no handshake on this wire', { rpcCode: rpcCode.methodNotFound });
  if (method !== 'initialize') return false;
  const { protocolVersion } = paramsOf(message);
  const result = { protocolVersion, capabilities: {}, serverInfo: { name, version: 'unknown' } };
  queueMicrotask(() => transport.onmessage?.({ jsonrpc: '2.0', id, result }));
  return true;
}
