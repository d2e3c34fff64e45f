import type { CallOptions, JsonObject, LoggingLevel, McpClient, ServerInfo, Subscription } from '@toolwire/client-core';
import { isObject, type HostIdentity } from '../proxy/envelope.ts';
import { isOfSubscription } from '../proxy/host-subscriptions.ts';
import type { Route } from '../route-to.ts';
import type { KeptServer } from './kept-server.ts';
import { keeperMethod } from './messages.ts';
import { RememberedLists } from './remembered-lists.ts';
import { ServerSession, type Caller, type ServerSessionOptions } from './server-session.ts';

/** How long a further session stays open that nobody uses, in milliseconds. */
const spareMs = 10_000;

/** The server, as callers of one kind share it: one session for all, and further ones for calls that would meet on it. */
export class SharedServer {
  readonly #callers = new Set<Caller>();
  readonly #options: ServerSessionOptions;
  readonly #main: ServerSession;
  readonly #spare: ServerSession[] = [];
  readonly #lists = new RememberedLists();
  #hasConnected = false;

  /** `onGivenUp` is told when the server has crashed again and again. */
  constructor(kept: KeptServer, route: Route, identity: HostIdentity, onGivenUp: () => void) {
    this.#options = {
      kept,
      route,
      identity,
      onNotification: (method, params) => {
        // What is said of subscriptions comes by those.
        if (!isOfSubscription(method)) this.#tellAll(method, params);
      },
    };
    this.#main = new ServerSession(this.#options);
    void this.#follow(onGivenUp);
  }

  /** Takes a caller in, and tells what would have been read had the caller started the server. */
  join(caller: Caller): void {
    this.#callers.add(caller);
    const { startWords } = this.#main;
    if (startWords !== '') caller.tell(keeperMethod.stderr, { text: startWords });
  }

  leave(caller: Caller): void {
    this.#callers.delete(caller);
  }

  get hasCallers(): boolean {
    return this.#callers.size > 0;
  }

  get hasConnected(): boolean {
    return this.#hasConnected;
  }

  /** Connects, unless the connection stands, and tells what the server says of itself. */
  async connect(caller: Caller): Promise<ServerInfo> {
    const { client } = this.#main;
    const server = client.server ?? (await this.#main.workFor(caller, () => client.connect()));
    if (this.#hasConnected) return server;
    this.#hasConnected = true;
    this.#lists.watch(client, server, (list) => this.#tellAll(`notifications/${list}/list_changed`, {}));
    return server;
  }

  /** Sends a request of a caller, with all that a client does for a verb of its own. */
  async request(caller: Caller, method: string, params: JsonObject, options: CallOptions): Promise<JsonObject> {
    const verb = verbs.get(method);
    if (verb !== undefined) return verb(this.#main.client, params, options);
    return this.#lists.get(method, params, () =>
      this.#sessionFor(caller).workFor(caller, (client) => call(client, method, params, options)),
    );
  }

  notify(method: string, params: JsonObject): Promise<void> {
    return this.#main.client.notify(method, params);
  }

  /** Changes of a resource. */
  watch(uri: string): Promise<Subscription> {
    return this.#main.client.subscribe(uri);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#main, ...this.#spare].map(({ client }) => client.close()));
  }

  #sessionFor(caller: Caller): ServerSession {
    const free = [this.#main, ...this.#spare].find((session) => session.isFreeFor(caller));
    if (free !== undefined) return free;
    const another = new ServerSession({ ...this.#options, idleCloseMs: spareMs });
    this.#spare.push(another);
    return another;
  }

  #tellAll(method: string, params: JsonObject): void {
    for (const caller of this.#callers) caller.tell(method, params);
  }

  async #follow(onGivenUp: () => void): Promise<void> {
    for await (const status of this.#main.client.status()) {
      this.#lists.clear();
      if (status.type === 'reconnecting') this.#main.startWords = '';
      if (status.type === 'closed' && status.reason !== undefined) onGivenUp();
    }
  }
}

type Verb = (client: McpClient, params: JsonObject, options: CallOptions) => Promise<JsonObject>;

/** Requests that both eras know by different words. */
const verbs: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ['ping', async (client, _params, options) => client.ping(options).then(() => ({}))],
  [
    'logging/setLevel',
    async (client, { level }, options) => client.setLogLevel(level as LoggingLevel, options).then(() => ({})), // The server judges it.
  ],
]);

/** A client repeats a tool's arguments as headers where the server wants that. */
async function call(client: McpClient, method: string, params: JsonObject, options: CallOptions): Promise<JsonObject> {
  const { name, arguments: args = {}, _meta, ...others } = params;
  const isPlain = typeof name === 'string' && isObject(args) && Object.keys(others).length === 0;
  if (method !== 'tools/call' || !isPlain) return client.request(method, params, options);
  const { raw } = await client.callTool(name, args, { ...options, ...(isObject(_meta) && { meta: _meta }) });
  return { ...raw };
}
