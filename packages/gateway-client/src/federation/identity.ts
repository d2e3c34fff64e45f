import type { McpClient } from '@toolwire/client-core';
import type { GatewayServer } from '../server.ts';

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** What makes a server the same at several gateways: where it is. Undefined where its gateway does not tell. */
export function identityByUrl({ url }: GatewayServer, gatewayUrl: string): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { protocol, hostname, port, pathname } = new URL(url);
  // A loopback address means the gateway's own machine.
  const gatewayHost = new URL(gatewayUrl).hostname;
  const machine = loopback.test(hostname) ? (loopback.test(gatewayHost) ? 'localhost' : gatewayHost) : hostname;
  return `${protocol}//${machine}:${port}${pathname.replace(/\/+$/, '')}`;
}

/** What makes a server the same by its own words: name, version, and every tool as it describes it. */
export async function identityByTools(client: McpClient): Promise<string> {
  const { name, version } = await client.connect();
  const tools = await client.listTools();
  const described = tools.map((tool) => `${tool.name} ${canonicalJson(tool.inputSchema)}`).toSorted();
  const bytes = new TextEncoder().encode(described.join('\n'));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `${name}@${version}#${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** JSON with the keys of every object in order, so that equal values read equal. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([first], [second]) => (first < second ? -1 : 1)))
      : part,
  );
}
