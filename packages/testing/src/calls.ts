import type { JsonObject } from '@toolwire/client-core';

/** A request that a test server has received. */
export interface ReceivedCall {
  readonly method: string;
  /** Its params without `_meta`. */
  readonly params: JsonObject;
  /** The `_meta` of its params: progress token, trace context, and the envelope of 2026-07-28. */
  readonly meta: JsonObject;
}

/** The requests in what came over a wire: one message, or a batch of them. */
export function callsIn(received: unknown): ReceivedCall[] {
  const messages: readonly unknown[] = Array.isArray(received) ? received : [received];
  return messages.filter(isRequest).map(({ method, params = {} }) => {
    const { _meta: meta = {}, ...rest } = params;
    return { method, params: rest, meta: meta as JsonObject }; // The protocol's word: `_meta` is an object.
  });
}

function isRequest(message: unknown): message is { method: string; params?: JsonObject } {
  return typeof message === 'object' && message !== null && 'method' in message && 'id' in message;
}
