import {
  ArgumentsInvalidError,
  McpError,
  McpHub,
  type CallOptions,
  type HubFailure,
  type HubServer,
  type HubTool,
  type HubToolOptions,
  type JsonObject,
  type McpClient,
  type ToolCaller,
  type ToolResult,
} from '@toolwire/client-core';
import type { GatewayClientOptions } from '../gateway.ts';
import type { Health, ServerSpec } from '../server.ts';
import { driftOf, type Drift } from './drift.ts';
import { failover } from './failover.ts';
import {
  mergeRoutes,
  routesOf,
  withNames,
  type FederatedRoute,
  type FederatedServer,
  type FederationFailure,
  type FederationMember,
  type Identify,
  type NamedMember,
} from './federated-servers.ts';
import { registerAt, type EverywhereOptions, type RegistrationOutcome } from './register-everywhere.ts';

/** How gateways become one. */
export interface FederationOptions {
  /** How long one gateway may take to list its servers, in milliseconds. Default 10,000. */
  listTimeoutMs?: number;
  /** When a call finds that a gateway has not answered for this long, in milliseconds, it is asked again beside it. Default 5,000. */
  lookAgainMs?: number;
  /** What makes a server the same at several gateways. Default: its URL; without one its name, version and tools. */
  identify?: Identify;
  /** Options of the clients that the federation makes, such as `trustAnnotations`; the routes have those of their gateways. */
  client?: GatewayClientOptions;
  /** Between 0 and 1, for the choice among gateways of one priority. Default `Math.random`. */
  random?: () => number;
}

/** Several gateways as one, with the servers that they share reached through whichever of them lives. */
export class Federation implements ToolCaller {
  readonly #members: readonly NamedMember[];
  readonly #options: FederationOptions;
  readonly #hub = new McpHub();
  /** What each gateway had when it last answered. */
  readonly #found = new Map<string, { identity: string; route: FederatedRoute }[]>();
  #servers = new Map<string, FederatedServer>();
  #failures: FederationFailure[] = [];
  #listedAt = 0;
  #syncing: Promise<void> | undefined;

  constructor(members: readonly FederationMember[], options: FederationOptions) {
    this.#members = withNames(members);
    this.#options = options;
  }

  /** The gateways that did not list their servers the last time, and the servers that did not list their tools. */
  get failures(): { readonly gateways: readonly FederationFailure[]; readonly servers: readonly HubFailure[] } {
    return { gateways: this.#failures, servers: this.#hub.failures };
  }

  /** The servers of all gateways, those that are the same as one. Of a gateway that does not answer, those it had last. */
  async listServers(): Promise<FederatedServer[]> {
    await this.#sync();
    return [...this.#servers.values()];
  }

  /** How each gateway is, by its name. */
  async health(): Promise<Record<string, Health>> {
    const asked = this.#members.map(async ({ name, gateway }) => [name, await gateway.health()] as const);
    return Object.fromEntries(await Promise.all(asked));
  }

  /** The tools of all servers, as `server/tool`; `failures` tells what is missing. */
  async listTools(options: HubToolOptions = {}): Promise<HubTool[]> {
    await this.#sync();
    return this.#hub.servers.length === 0 ? [] : this.#hub.listTools(options);
  }

  /** Calls `server/tool`, on another gateway where the first surely did not execute it or where `idempotent` says that it may be twice. */
  async callTool(
    tool: string | { server: string; tool: string },
    args: JsonObject = {},
    options: CallOptions = {},
  ): Promise<ToolResult> {
    this.#lookAgain();
    if (typeof tool !== 'string') {
      const { name } = await this.#find(tool.server);
      return this.#hub.callTool({ server: name, tool: tool.tool }, args, options);
    }
    if (!this.#hub.servers.some((server) => tool.startsWith(`${server}/`))) await this.#sync();
    return this.#hub.callTool(tool, args, options);
  }

  /** A client of one server with the same failover; what is no request goes to the gateway that is asked first. */
  async open(server: string): Promise<McpClient> {
    return this.#hub.client((await this.#find(server)).name);
  }

  /** The servers for a hub of one's own: `new McpHub(await federation.hubServers())`. */
  async hubServers(): Promise<Record<string, HubServer>> {
    const named = (await this.listServers()).map(
      async (server) => [server.name, await this.#hubServer(server)] as const,
    );
    return Object.fromEntries(await Promise.all(named));
  }

  /** Registers a server with every gateway that can; tells of each how that went. */
  registerEverywhere(spec: ServerSpec, options: EverywhereOptions = {}): Promise<RegistrationOutcome[]> {
    return registerAt(this.#members, spec, options);
  }

  /** What is not the same at every gateway: servers that some lack, and tools of one server that differ. */
  async drift(): Promise<Drift> {
    const servers = await this.listServers();
    const down = this.#failures.map(({ gateway }) => gateway);
    const up = this.#members.map(({ name }) => name).filter((name) => !down.includes(name));
    return { ...(await driftOf(servers, up)), failed: this.#failures };
  }

  /** Closes what the federation has opened; the gateways are for whoever connected to them to close. */
  async close(): Promise<void> {
    await this.#hub.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A server by its name here, or by a name or id that it alone has at some gateway. */
  async #find(wanted: string): Promise<FederatedServer> {
    for (const isFresh of [false, true]) {
      if (isFresh) await this.#sync();
      const exact = [...this.#servers.values()].find(({ name }) => name === wanted);
      if (exact !== undefined) return exact;
      const meant = [...this.#servers.values()].filter(({ routes }) =>
        routes.some(({ server }) => server.name === wanted || server.id === wanted),
      );
      const [only, ...others] = meant;
      if (others.length > 0) throw ambiguous(wanted, meant);
      if (only !== undefined) return only;
    }
    const names = [...this.#servers.values()].map(({ name }) => name).join(', ');
    const text = `No gateway of this federation has a server ${JSON.stringify(wanted)}; there are ${names || 'none'}`;
    throw new ArgumentsInvalidError(text, { path: 'server', expected: 'a server of this federation' });
  }

  /** One listing serves all that wait for it. */
  #sync(): Promise<void> {
    this.#syncing ??= this.#list().finally(() => (this.#syncing = undefined));
    return this.#syncing;
  }

  /** Gateways that were down come back by themselves; the call does not wait for that. */
  #lookAgain(): void {
    const { lookAgainMs = 5000 } = this.#options;
    if (this.#failures.length === 0 || Date.now() - this.#listedAt < lookAgainMs) return;
    this.#sync().catch(() => {}); // `failures` tells.
  }

  async #list(): Promise<void> {
    const { listTimeoutMs = 10_000, identify = () => undefined } = this.#options;
    const failures: FederationFailure[] = [];
    const listing = this.#members.map(async (member) => {
      const signal = AbortSignal.timeout(listTimeoutMs);
      try {
        this.#found.set(member.name, await routesOf(member, this.#members, identify, signal));
      } catch (error) {
        const late = new McpError('timeout', `${member.name} did not list its servers within ${listTimeoutMs} ms`);
        failures.push({ gateway: member.name, error: signal.aborted ? late : error });
      }
    });
    await Promise.all(listing);
    this.#failures = failures;
    this.#listedAt = Date.now();
    const isLost = failures.length === this.#members.length && this.#found.size === 0;
    if (isLost && failures.length > 0) throw failures[0]?.error;
    await this.#replace(mergeRoutes(this.#members.flatMap(({ name }) => this.#found.get(name) ?? [])));
  }

  async #replace(servers: readonly FederatedServer[]): Promise<void> {
    const before = new Map([...this.#servers.values()].map(({ name, identity }) => [name, identity]));
    const after = new Map(servers.map((server) => [server.identity, server]));
    const added = servers.filter(({ name, identity }) => before.get(name) !== identity);
    const stale = [...before].filter(([name, identity]) => after.get(identity)?.name !== name);
    const hubServers = await Promise.all(added.map((server) => this.#hubServer(server)));
    this.#servers = after; // From here on nothing fails.
    const removed = stale.map(([name]) => this.#hub.remove(name));
    for (const [index, { name }] of added.entries()) this.#hub.add(name, hubServers[index] as HubServer); // One for each.
    await Promise.all(removed);
  }

  /** Every request goes by the clients of the routes; only what is none goes straight to the gateway that is asked first. */
  async #hubServer({ identity, routes }: FederatedServer): Promise<HubServer> {
    const { random = Math.random, client } = this.#options;
    const down = this.#failures.map(({ gateway }) => gateway);
    const first = routes.find(({ gateway }) => !down.includes(gateway)) ?? routes[0];
    const { gateway } = this.#members.find(({ name }) => name === first?.gateway) ?? {};
    const direct = first && (await gateway?.hubServer(first.server));
    const { interceptors = [] } = client ?? {};
    const current = (): readonly FederatedRoute[] => this.#servers.get(identity)?.routes ?? [];
    return {
      ...(direct as NonNullable<typeof direct>), // A server has a route, and a route a gateway.
      ...client,
      circuitBreaker: false, // Each route has its own.
      interceptors: [...interceptors, failover(current, random)],
    };
  }
}

/** Makes one of several gateways; nothing is asked until it is used. */
export function federate(members: readonly FederationMember[], options: FederationOptions = {}): Federation {
  return new Federation(members, options);
}

function ambiguous(wanted: string, meant: readonly FederatedServer[]): ArgumentsInvalidError {
  const names = meant.map(({ name }) => name).join(' or ');
  const text = `${JSON.stringify(wanted)} may be ${names}, which are not the same server`;
  return new ArgumentsInvalidError(text, { path: 'server', expected: names });
}
