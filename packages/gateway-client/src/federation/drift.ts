import type { FederatedRoute, FederatedServer, FederationFailure } from './federated-servers.ts';
import { toolHashes } from './identity.ts';

/** What is not the same at every gateway that answers. */
export interface Drift {
  /** Servers that some gateways lack. */
  readonly servers: readonly { readonly server: string; readonly missingAt: readonly string[] }[];
  /** Tools of a server that some of its gateways lack, or that do not take the same everywhere. */
  readonly tools: readonly {
    readonly server: string;
    readonly tool: string;
    readonly missingAt: readonly string[];
    readonly hasDifferentSchemas: boolean;
  }[];
  /** Gateways that did not answer. */
  readonly failed: readonly FederationFailure[];
}

/** Compares what the gateways have; a route whose tools cannot be listed says nothing about them. */
export async function driftOf(
  servers: readonly FederatedServer[],
  gateways: readonly string[],
): Promise<Pick<Drift, 'servers' | 'tools'>> {
  const lacking = servers.map(({ name, routes }) => ({
    server: name,
    missingAt: gateways.filter((gateway) => !routes.some((route) => route.gateway === gateway)),
  }));
  const tools = await Promise.all(servers.map(toolDrift));
  return { servers: lacking.filter(({ missingAt }) => missingAt.length > 0), tools: tools.flat() };
}

async function toolDrift({ name, routes }: FederatedServer): Promise<Drift['tools'][number][]> {
  const listed = (await Promise.all(routes.map(toolsAt))).filter((route) => route !== undefined);
  const names = new Set(listed.flatMap(({ tools }) => [...tools.keys()]));
  const compared = [...names].map((tool) => ({
    server: name,
    tool,
    missingAt: listed.filter(({ tools }) => !tools.has(tool)).map(({ gateway }) => gateway),
    hasDifferentSchemas: new Set(listed.flatMap(({ tools }) => tools.get(tool) ?? [])).size > 1,
  }));
  return compared.filter(({ missingAt, hasDifferentSchemas }) => missingAt.length > 0 || hasDifferentSchemas);
}

async function toolsAt({
  gateway,
  client,
}: FederatedRoute): Promise<{ gateway: string; tools: ReadonlyMap<string, string> } | undefined> {
  const tools = await toolHashes(client).catch(() => undefined);
  return tools && { gateway, tools };
}
