import {
  ArgumentsInvalidError,
  McpHub,
  type CallOptions,
  type ClientOptions,
  type HttpServerConfig,
  type HubFailure,
  type HubPolicy,
  type HubServer,
  type HubTool,
  type HubToolOptions,
  type JsonObject,
  type McpClient,
  type ToolCaller,
  type ToolResult,
} from '@toolwire/client-core';
import { subscribeEvents, type ServerSentEvent } from '@toolwire/client-core/events';
import { capabilitiesOf, type Dialect, type DialectName, type GatewayCapabilities } from './dialect.ts';
import type { GatewayHttp } from './gateway-http.ts';
import { GatewayServers } from './gateway-servers.ts';
import { health, healthOf } from './health.ts';
import type { GatewayServer, Health } from './server.ts';
import { unsupported } from './unsupported.ts';

/** How a gateway's servers are called; what a server needs of its own is the gateway's affair. */
export type GatewayClientOptions = Omit<
  ClientOptions,
  'allowInsecureHttp' | 'apiKey' | 'bearer' | 'headers' | 'oauth' | 'fetch'
>;

/** Tools of which servers. */
export interface GatewayToolOptions extends Omit<HubToolOptions, 'servers'> {
  /** Name or id of a server. Default: all that are enabled. */
  server?: string;
}

/** An MCP gateway: manages the servers behind it, and calls their tools. Made by `connectGateway`. */
export class Gateway implements ToolCaller {
  /** Where the gateway is, without user, password and query. */
  readonly url: string;
  readonly dialect: DialectName;
  readonly capabilities: GatewayCapabilities;
  readonly servers: GatewayServers;
  readonly #http: GatewayHttp;
  readonly #dialect: Dialect;
  readonly #options: GatewayClientOptions;
  readonly #hub = new McpHub();
  /** The servers that the hub has, as they were when it got them. */
  readonly #known = new Map<string, GatewayServer>();

  constructor(http: GatewayHttp, dialect: Dialect, options: GatewayClientOptions) {
    this.url = http.base.origin + http.base.pathname;
    this.dialect = dialect.name;
    this.capabilities = capabilitiesOf(dialect);
    this.#http = http;
    this.#dialect = dialect;
    this.#options = options;
    this.servers = new GatewayServers(dialect, http);
  }

  /** The servers that did not give their tools the last time, and why. */
  get failures(): HubFailure[] {
    return this.#hub.failures;
  }

  /** How the gateway is; resolves also when it is not well, or not there. */
  async health(options: { signal?: AbortSignal } = {}): Promise<Health> {
    return this.#dialect.health(options.signal).catch((error: unknown) => healthOf(error, 'gateway'));
  }

  /** How a server is, by the gateway's word, else by a ping through it. */
  async serverHealth(idOrName: string): Promise<Health> {
    const server = await this.servers.get(idOrName);
    const { state } = server;
    if (state === 'disabled' || state === 'pending') return health(state, 'gateway');
    if (this.#dialect.serverHealth !== undefined) return this.#dialect.serverHealth(server);
    if (state === 'active') return health('healthy', 'gateway');
    if (state !== 'unknown') return health('unreachable', 'gateway');
    const client = await this.open(server.name);
    return client.ping({ timeoutMs: 10_000 }).then(
      () => health('healthy', 'server'),
      (error: unknown) => healthOf(error, 'server'),
    );
  }

  /** The tools of the servers that are enabled, as `server/tool`; a server that does not answer is among `failures`. */
  async listTools({ server, ...options }: GatewayToolOptions = {}): Promise<HubTool[]> {
    await this.#sync(options.signal);
    if (server === undefined && this.#known.size === 0) return [];
    return this.#hub.listTools(server === undefined ? options : { ...options, servers: [await this.#member(server)] });
  }

  /** Calls a tool of a server, by the names that the server gives them; or `server/tool`. */
  async callTool(
    tool: string | { server: string; tool: string },
    args: JsonObject = {},
    options: CallOptions = {},
  ): Promise<ToolResult> {
    if (typeof tool !== 'string') {
      const server = await this.#member(tool.server, options.signal);
      return this.#hub.callTool({ server, tool: tool.tool }, args, options);
    }
    const isKnown = this.#hub.servers.some((server) => tool.startsWith(`${server}/`));
    if (!isKnown) await this.#sync(options.signal);
    return this.#hub.callTool(tool, args, options);
  }

  /** The client of one server, for all that MCP has; the gateway closes it. */
  async open(idOrName: string): Promise<McpClient> {
    return this.#hub.client(await this.#member(idOrName));
  }

  /** Every server that is enabled, with its client; nothing connects before it is used. */
  async openAll(options: { signal?: AbortSignal } = {}): Promise<{ server: GatewayServer; client: McpClient }[]> {
    const servers = await this.#sync(options.signal);
    return servers.map((server) => ({ server, client: this.#hub.client(server.name) }));
  }

  /** Where the servers that are enabled are reached, by name: for a hub of one's own, `new McpHub(await gateway.hubServers())`. */
  async hubServers(): Promise<Record<string, HubServer>> {
    const servers = (await this.servers.list()).filter(({ enabled }) => enabled);
    const named = servers.map(async (server) => [server.name, await this.hubServer(server)] as const);
    return Object.fromEntries(await Promise.all(named));
  }

  /** Where one server is reached, with the credential that this takes. */
  async hubServer(server: GatewayServer): Promise<HubPolicy & { target: HttpServerConfig }> {
    if (this.#dialect.route === undefined) throw unsupported(this.dialect, 'call');
    const { url, transport, scope, fetch } = await this.#dialect.route(server);
    const { interceptors = [], ...options } = this.#options;
    // A gateway may say that a server is spoken to elsewhere; its credential is for itself alone.
    const credentials = url.origin === this.#http.base.origin ? await this.#http.credentials() : {};
    return {
      ...options,
      ...credentials,
      ...(fetch !== undefined && { fetch }),
      target: { url, transport },
      interceptors: scope === undefined ? interceptors : [...interceptors, scope],
    };
  }

  /** What happens at the gateway, as it tells it: each dialect has words of its own. */
  async *events(options: { signal?: AbortSignal } = {}): AsyncGenerator<ServerSentEvent, void, undefined> {
    const { events: path } = this.#dialect;
    if (path === undefined) throw unsupported(this.dialect, 'events');
    yield* subscribeEvents(this.#http.url(path), { ...options, headers: await this.#http.headers() });
  }

  /** Closes every client of the servers; the servers stay registered. */
  async close(): Promise<void> {
    await this.#hub.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The hub's name of a server, which is asked for where it is not known. */
  async #member(idOrName: string, signal?: AbortSignal): Promise<string> {
    if (!this.capabilities.call) throw unsupported(this.dialect, 'call');
    const known = this.#known.get(idOrName) ?? [...this.#known.values()].find(({ id }) => id === idOrName);
    if (known !== undefined) return known.name;
    const server = await this.servers.get(idOrName, signal === undefined ? {} : { signal });
    if (!server.enabled) {
      const text = `Nothing was sent: the server ${JSON.stringify(server.name)} is disabled at this gateway`;
      throw new ArgumentsInvalidError(text, { path: 'server', expected: 'a server that is enabled' });
    }
    await this.#add(server);
    return server.name;
  }

  /** Gives the hub the servers that are enabled now, and no others. */
  async #sync(signal?: AbortSignal): Promise<GatewayServer[]> {
    if (!this.capabilities.call) throw unsupported(this.dialect, 'call');
    const servers = (await this.servers.list(signal === undefined ? {} : { signal })).filter(({ enabled }) => enabled);
    const names = new Set(servers.map(({ name }) => name));
    const gone = [...this.#known.keys()].filter((name) => !names.has(name));
    await Promise.all([...gone.map((name) => this.#remove(name)), ...servers.map((server) => this.#add(server))]);
    return servers;
  }

  async #add(server: GatewayServer): Promise<void> {
    const { name, id, url } = server;
    const known = this.#known.get(name);
    if (known?.id === id && known.url === url) return;
    const added = await this.hubServer(server);
    if (this.#known.get(name) !== known) return; // Somebody else was faster.
    this.#known.set(name, server);
    const removed = this.#hub.remove(name);
    this.#hub.add(name, added);
    await removed;
  }

  async #remove(name: string): Promise<void> {
    this.#known.delete(name);
    await this.#hub.remove(name);
  }
}
