import { lockTools, type McpClient } from '@toolwire/client-core';
import type { GatewayServer } from '../server.ts';

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** What makes a server the same at several gateways: where it is. Undefined where its gateway does not tell. */
export function identityByUrl({ id, url }: Pick<GatewayServer, 'id' | 'url'>, gatewayUrl: string): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { protocol, hostname, port, pathname, search } = new URL(url);
  if (search !== '') return `${gatewayUrl} ${id}`; // Whose data that is, nobody can see.
  // A loopback address means the gateway's own machine.
  const gatewayHost = new URL(gatewayUrl).hostname;
  const machine = loopback.test(hostname) ? (loopback.test(gatewayHost) ? 'localhost' : gatewayHost) : hostname;
  return `${protocol}//${machine}:${port}${pathname.replace(/\/+$/, '')}`;
}

/** What makes a server the same by its own words: name, version, and its tools. */
export async function identityByTools(client: McpClient): Promise<string> {
  const { name, version } = await client.connect();
  return `${name}@${version} ${[...(await toolHashes(client)).values()].join(' ')}`;
}

/** A hash of each tool by its name. Only of what it takes: gateways change titles and descriptions as they like. */
export async function toolHashes(client: McpClient): Promise<Map<string, string>> {
  const tools = await client.listTools({ fresh: true });
  const lock = await lockTools(tools.map(({ name, inputSchema }) => ({ name, inputSchema })));
  return new Map(lock.tools.map(({ name, hash }) => [name, hash]));
}
