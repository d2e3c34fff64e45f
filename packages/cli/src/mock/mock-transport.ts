import type { JSONRPCMessage, JsonObject, Transport } from '@toolwire/client-core';
import { isObject } from '../proxy/envelope.ts';
import { answer } from './answer.ts';
import type { MockDefinition } from './definition.ts';

/** The client's end of a conversation with a server that `definition` describes. */
export function mockTransport(definition: MockDefinition): Transport {
  const waiting = new Map<unknown, ReturnType<typeof setTimeout>>();

  const transport: Transport = {
    async start() {},
    async send(message) {
      const { id, method, params: given } = message as JsonObject; // Whatever it is, it is an object.
      const params = isObject(given) ? given : {};
      if (method === 'notifications/cancelled') clearTimeout(waiting.get(params['requestId']));
      if (typeof method !== 'string' || id === undefined) return;
      const { delayMs, ...reply } = answer(definition, method, params);
      const deliver = (): void => {
        waiting.delete(id);
        transport.onmessage?.({ jsonrpc: '2.0', id, ...reply } as JSONRPCMessage); // A result, or an error.
      };
      waiting.set(id, setTimeout(deliver, delayMs));
    },
    async close() {
      for (const timer of waiting.values()) clearTimeout(timer);
      waiting.clear();
      transport.onclose?.();
    },
  };
  return transport;
}
