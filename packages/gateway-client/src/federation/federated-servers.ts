import { McpError, type McpClient } from '@toolwire/client-core';
import type { Gateway } from '../gateway.ts';
import type { GatewayServer } from '../server.ts';
import type { FailoverRoute } from './failover.ts';
import { identityByTools, identityByUrl } from './identity.ts';

/** A gateway of a federation. */
export interface FederationMember {
  readonly gateway: Gateway;
  /** What it is called in names and reports. Default: host and port of its URL. */
  readonly name?: string;
  /** Of the gateways that have a server the one with the highest is asked first. Default 0. */
  readonly priority?: number;
  /** How often it is chosen among gateways of its priority. Default 1. */
  readonly weight?: number;
}

/** One way to a server. */
export interface FederatedRoute extends FailoverRoute {
  /** The name of the gateway. */
  readonly gateway: string;
  readonly server: GatewayServer;
}

/** A server behind one or more of the gateways. */
export interface FederatedServer {
  /** Its name at the gateway that is asked first; `gateway/server` where several servers have that name. */
  readonly name: string;
  /** What is the same of it at each gateway. */
  readonly identity: string;
  /** The ways to it, those of the highest priority first. */
  readonly routes: readonly FederatedRoute[];
}

/** What of a federation is missing, and why. */
export interface FederationFailure {
  readonly gateway: string;
  readonly error: unknown;
}

/** Says what makes a server the same at several gateways; undefined leaves that to its URL, or to what it says of itself. */
export type Identify = (server: GatewayServer, gateway: string) => string | undefined;

/** A member with all that is optional. */
export type NamedMember = Required<FederationMember>;

/** The servers of one gateway that are enabled, each as a route with an identity. Servers that are gateways of the federation are left out. */
export async function routesOf(
  member: NamedMember,
  members: readonly NamedMember[],
  identify: Identify,
  signal: AbortSignal,
): Promise<{ identity: string; route: FederatedRoute }[]> {
  const { gateway, name, priority, weight } = member;
  const servers = await gateway.openAll({ signal });
  const others = members.map((each) => identityByUrl({ id: '', url: each.gateway.url }, each.gateway.url));
  const own = servers.filter(({ server }) => {
    const at = identityByUrl(server, gateway.url);
    return !others.some((other) => at !== undefined && other !== undefined && `${at}/`.startsWith(`${other}/`));
  });
  return Promise.all(
    own.map(async ({ server, client }) => {
      const identity =
        identify(server, name) ??
        identityByUrl(server, gateway.url) ??
        (await identityOf(client, `${name}/${server.id}`));
      return { identity, route: { gateway: name, server, client, priority, weight } };
    }),
  );
}

const known = new WeakMap<McpClient, string>();

/** A server that does not answer is nobody's twin. */
async function identityOf(client: McpClient, itself: string): Promise<string> {
  const identity = known.get(client) ?? (await identityByTools(client).catch(() => undefined));
  if (identity !== undefined) known.set(client, identity);
  return identity ?? itself;
}

/** Merges routes to the same server, and gives each server a name of its own. */
export function mergeRoutes(found: readonly { identity: string; route: FederatedRoute }[]): FederatedServer[] {
  const byIdentity = groupBy(found, ({ identity }) => identity);
  const merged = [...byIdentity].map(([identity, each]) => {
    const routes = each.map(({ route }) => route).toSorted((first, second) => second.priority - first.priority);
    return { identity, routes, first: routes[0] as FederatedRoute }; // A group holds one route at least.
  });
  const named = groupBy(merged, ({ first }) => first.server.name);
  return merged.map(({ identity, routes, first }) => {
    const { name } = first.server;
    const isUnique = named.get(name)?.length === 1;
    return { identity, routes, name: isUnique ? name : `${first.gateway}/${name}` };
  });
}

/** `Map.groupBy`, which Node 20 has not. */
function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** Every member with a name of its own. */
export function withNames(members: readonly FederationMember[]): NamedMember[] {
  const named = members.map(({ gateway, name = new URL(gateway.url).host, priority = 0, weight = 1 }) => ({
    gateway,
    name,
    priority,
    weight,
  }));
  const twice = named.find(({ name }, index) => named.findIndex((other) => other.name === name) !== index);
  if (twice === undefined) return named;
  const text = `Two gateways of this federation are called ${JSON.stringify(twice.name)}; give each a name of its own`;
  throw new McpError('config-invalid', text, { delivered: 'no' });
}
