import { McpClient, type JsonObject } from '@toolwire/client-core';
import { connectionOptions } from '../connection-options.ts';
import type { HostIdentity } from '../proxy/envelope.ts';
import { refusal, rpcCode } from '../proxy/rpc-error.ts';
import type { Route } from '../route-to.ts';
import type { KeptServer } from './kept-server.ts';
import { keeperMethod } from './messages.ts';

/** Somebody at the other end of the keeper's socket. */
export interface Caller {
  tell(method: string, params: JsonObject): void;
  /** Has somebody answer a question of the server. */
  ask(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject>;
}

export interface ServerSessionOptions {
  readonly kept: KeptServer;
  readonly route: Route;
  /** What the server is told of the callers. */
  readonly identity: HostIdentity;
  /** Lets go of the server when it was not used for so long, in milliseconds. Default: never. */
  readonly idleCloseMs?: number;
  onNotification(method: string, params: JsonObject): void;
}

// Callers have deadlines of their own, and cancel.
const longestMs = 2 ** 31 - 1;
const mostStartWords = 16_384;

/**
 * A session with the server, on which the calls of one caller at a time are under way. A server over stdio does not say
 * which call it asks for: so there is never more than one caller that it can mean.
 */
export class ServerSession {
  readonly client: McpClient;
  #caller: Caller | undefined;
  #calls = 0;
  /** What the server wrote to stderr while it started: it may explain a failure of any call. */
  startWords = '';

  constructor(options: ServerSessionOptions) {
    const { kept, route, identity, idleCloseMs } = options;
    const { config, connectTimeoutMs } = kept;
    this.client = new McpClient(route.target, {
      ...connectionOptions(config, connectTimeoutMs),
      ...route.options,
      ...identity,
      timeoutMs: longestMs,
      maxTotalMs: longestMs,
      ...(idleCloseMs !== undefined && { idleCloseMs }),
      handlers: { request: (method, params, { signal }) => this.#ask(method, params, signal) },
      onNotification: (method, params) => options.onNotification(method, params),
      onStderr: (text) => this.#onStderr(text),
    });
  }

  isFreeFor(caller: Caller): boolean {
    return this.#caller === undefined || this.#caller === caller;
  }

  /** Does something for a caller, who is told what the server asks and complains of meanwhile. */
  async workFor<T>(caller: Caller, work: (client: McpClient) => Promise<T>): Promise<T> {
    this.#caller ??= caller;
    this.#calls++;
    try {
      return await work(this.client);
    } finally {
      if (--this.#calls === 0) this.#caller = undefined;
    }
  }

  #onStderr(text: string): void {
    if (this.client.server === undefined) this.startWords = (this.startWords + text).slice(-mostStartWords);
    this.#caller?.tell(keeperMethod.stderr, { text });
  }

  async #ask(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    if (this.#caller === undefined) throw refusal(rpcCode.methodNotFound, 'No call is under way that could be asked');
    return this.#caller.ask(method, params, signal);
  }
}
