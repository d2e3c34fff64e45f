import { McpClient, type ClientOptions, type ProtocolVersion, type Target } from '@toolwire/client-core';
import { webSocketTransport } from '@toolwire/client-ws';
import { urlOf, type Stage } from './check.ts';

/** A way to an MCP server. */
export interface Wire {
  readonly name: string;
  /** The server's name. */
  readonly server: string;
  readonly version: ProtocolVersion;
  readonly target: (url: string) => Target;
}

const byUrl = (url: string): Target => url;
const byWebSocket =
  (url: string): Target =>
  () =>
    webSocketTransport(url);

export const wires: readonly Wire[] = [
  { name: 'Streamable HTTP with sessions', server: 'http-legacy', version: '2025-11-25', target: byUrl },
  { name: 'Streamable HTTP without sessions', server: 'http-modern', version: '2026-07-28', target: byUrl },
  { name: 'HTTP+SSE, found by itself', server: 'http-sse', version: '2025-11-25', target: byUrl },
  { name: 'WebSocket, 2025-11-25', server: 'ws-legacy', version: '2025-11-25', target: byWebSocket },
  { name: 'WebSocket, 2026-07-28', server: 'ws-modern', version: '2026-07-28', target: byWebSocket },
];

/** Lends a client of the wire's server. */
export async function withClient(
  { server, target }: Wire,
  stage: Stage,
  use: (client: McpClient) => Promise<void>,
  options: ClientOptions = {},
): Promise<void> {
  const client = new McpClient(target(urlOf(stage, server)), { timeoutMs: 10_000, ...options });
  try {
    await use(client);
  } finally {
    await client.close();
  }
}
