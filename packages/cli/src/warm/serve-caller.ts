import type { JSONRPCMessage, JsonObject, Subscription, Transport } from '@toolwire/client-core';
import { isObject, isRequestId, readIdentity, textOf, type HostIdentity, type RequestId } from '../proxy/envelope.ts';
import { HostQuestions } from '../proxy/host-questions.ts';
import { initializeResult } from '../proxy/host-results.ts';
import { failureMessage } from './failure-message.ts';
import type { Caller } from './server-session.ts';
import type { SharedServer } from './shared-server.ts';

/** What callers may do at a keeper. */
export interface KeeperDesk {
  /** Takes a caller in, by what it can do: the server is told the same. */
  join(caller: Caller, identity: HostIdentity): SharedServer;
  leave(caller: Caller): void;
  /** Answers what is asked of the keeper itself; counts what is meant for the server, and leaves it unanswered. */
  answer(method: string, params: JsonObject): JsonObject | undefined;
}

/** Serves one caller until it leaves. */
export async function serveCaller(wire: Transport, desk: KeeperDesk): Promise<void> {
  const calls = new Map<RequestId, AbortController>();
  const watched = new Map<string, Subscription>();
  const questions = new HostQuestions();
  let server: SharedServer | undefined;

  const send = (message: JsonObject): void => {
    wire.send({ jsonrpc: '2.0', ...message } as unknown as JSONRPCMessage).catch(() => undefined); // It has left, which the end of the wire tells.
  };
  const caller: Caller = {
    tell: (method, params) => send({ method, params }),
    ask: (method, params, signal) => questions.ask(wire, { method, params }, signal, undefined),
  };

  async function run(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    const own = desk.answer(method, params);
    if (own !== undefined) return own;
    if (method === 'initialize') {
      server ??= desk.join(caller, readIdentity(params['clientInfo'], params['capabilities']));
      return initializeResult(await server.connect(caller), params['protocolVersion']);
    }
    if (server === undefined) throw new Error(`${method} came before initialize`);
    if (method === 'resources/subscribe') return watch(server, String(params['uri']));
    if (method === 'resources/unsubscribe') return unwatch(String(params['uri']));
    const { progressToken } = isObject(params['_meta']) ? params['_meta'] : {};
    return server.request(caller, method, params, {
      signal,
      ...(progressToken !== undefined && {
        onProgress: (progress) => caller.tell('notifications/progress', { ...progress, progressToken }),
      }),
    });
  }

  async function watch(from: SharedServer, uri: string): Promise<JsonObject> {
    if (watched.has(uri)) return {};
    const changes = await from.watch(uri);
    watched.set(uri, changes);
    tellOf(changes).catch(() => watched.delete(uri)); // The server is given up, and the keeper with it.
    return {};
  }

  async function tellOf(changes: Subscription): Promise<void> {
    for await (const change of changes)
      if (change.type === 'resource') caller.tell('notifications/resources/updated', { uri: change.uri });
  }

  async function unwatch(uri: string): Promise<JsonObject> {
    const changes = watched.get(uri);
    watched.delete(uri);
    await changes?.close();
    return {};
  }

  async function answer(id: RequestId, method: string, params: JsonObject): Promise<void> {
    const call = new AbortController();
    calls.set(id, call);
    try {
      const result = await run(method, params, call.signal);
      send({ id, result });
    } catch (error) {
      if (!call.signal.aborted) send({ id, failure: failureMessage(error) });
    }
    calls.delete(id);
  }

  function cancel(id: unknown, reason: unknown): void {
    const call = isRequestId(id) ? calls.get(id) : undefined;
    call?.abort(new DOMException(textOf(reason) ?? 'The caller has cancelled the request', 'AbortError'));
  }

  wire.onmessage = (message: unknown) => {
    const { id, method, params } = isObject(message) ? message : {};
    const given = isObject(params) ? params : {};
    if (typeof method !== 'string') questions.settle(isObject(message) ? message : {});
    else if (isRequestId(id)) void answer(id, method, given);
    else if (method === 'notifications/cancelled') cancel(given['requestId'], given['reason']);
    else if (method !== 'notifications/initialized') server?.notify(method, given).catch(() => undefined); // Nobody waits for it.
  };
  const left = new Promise<void>((resolve) => (wire.onclose = resolve));
  await wire.start();
  await left;
  for (const id of calls.keys()) cancel(id, 'The caller has left');
  questions.failAll();
  for (const uri of watched.keys()) void unwatch(uri).catch(() => undefined); // Nobody listens any more.
  if (server !== undefined) desk.leave(caller);
}
