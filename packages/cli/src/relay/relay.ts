import type { JSONRPCMessage, JsonObject, Transport } from '@toolwire/client-core';
import { isObject, isRequestId, textOf, type RequestId } from '../proxy/envelope.ts';
import { rpcCode } from '../proxy/rpc-error.ts';

/** Who sent a message: the host, or the server. */
export type Sender = 'client' | 'server';

/** Told of all that passes; neither end notices. */
export interface RelayListener {
  onMessage(from: Sender, message: JsonObject): void;
  /** Something went wrong that is no message. */
  onTrouble(from: Sender, text: string): void;
}

/** How long a host that has left lets the server finish, in milliseconds. */
const drainMs = 2_000;

/**
 * Joins a host and a server: every message passes as it is. Resolves when the host has left, rejects with what the
 * server failed with; both ends are closed then.
 */
export async function relay(host: Transport, server: Transport, listener: RelayListener): Promise<void> {
  const unanswered = new Set<RequestId>();
  let handshake: unknown;
  let failure: Error | undefined;
  let beforeNext: Promise<unknown> = Promise.resolve();
  let onDrained: (() => void) | undefined;

  const toHost = (message: JsonObject): void => {
    const { id, method, result } = message;
    listener.onMessage('server', message);
    const agreed = id === handshake && isObject(result) ? textOf(result['protocolVersion']) : undefined;
    if (agreed !== undefined) server.setProtocolVersion?.(agreed); // Over HTTP it stands in a header.
    if (method === undefined && isRequestId(id) && unanswered.delete(id) && unanswered.size === 0) onDrained?.();
    void host.send(message as unknown as JSONRPCMessage).catch(() => undefined); // It has left, which its end tells.
  };

  const fail = (id: unknown, error: Error): void => {
    listener.onTrouble('server', error.message);
    if (isRequestId(id) && unanswered.has(id)) toHost(errorFor(id, rpcCode.serverError, error.message));
  };

  const toServer = async (message: JsonObject): Promise<void> => {
    const { id, method } = message;
    const isRequest = method !== undefined && isRequestId(id);
    listener.onMessage('client', message);
    if (method === 'initialize') handshake = id;
    if (isRequest) unanswered.add(id);
    // A notification arrives before what the host says next; requests may overtake each other.
    const sent = beforeNext.then(() => server.send(message as unknown as JSONRPCMessage));
    if (!isRequest) beforeNext = sent.catch(() => undefined);
    await sent.catch((error: Error) => fail(id, error));
  };

  const receive = (received: unknown): void => {
    if (isObject(received) && !isTooDeep(received)) return void toServer(received);
    const { id = null } = isObject(received) ? received : {};
    const trouble = isObject(received) ? tooDeep : 'a line that is no message';
    listener.onTrouble('client', trouble);
    toHost(errorFor(isRequestId(id) ? id : null, rpcCode.invalidRequest, trouble));
  };

  const drained = (): Promise<void> =>
    new Promise((resolve) => {
      if (unanswered.size === 0) return resolve();
      onDrained = resolve;
      setTimeout(resolve, drainMs).unref();
    });

  const ended = new Promise<void>((resolve, reject) => {
    // Whatever is received here is read as JSON and no further: a batch is its messages.
    host.onmessage = (received: unknown) => (Array.isArray(received) ? received : [received]).forEach(receive);
    host.onclose = () => void drained().then(resolve);
    server.onmessage = (received: unknown) => {
      const message = received as JsonObject; // The transport has looked at it.
      if (isTooDeep(message)) fail(message['id'], new Error(tooDeep));
      else toHost(message);
    };
    server.onerror = (error: Error & { requestId?: unknown }) => {
      failure = error;
      fail(error.requestId, error);
    };
    server.onclose = () => reject(failure ?? new Error('The server has left'));
  });
  try {
    await server.start();
    await host.start();
    await ended;
  } finally {
    ended.catch(() => undefined); // Closing a server is no failure of it.
    await Promise.allSettled([server.close(), host.close()]);
  }
}

const deepestLevel = 128;
const tooDeep = 'a message that is nested too deeply';

/** What is read or written level by level must not take as much stack as somebody likes. */
function isTooDeep(value: unknown, levels: number = deepestLevel): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isTooDeep(item, levels - 1));
}

function errorFor(id: RequestId | null, code: number, message: string): JsonObject {
  return { jsonrpc: '2.0', id, error: { code, message } };
}
