import type { Dialect } from '../dialect.ts';
import type { GatewayHttp } from '../gateway-http.ts';
import { healthIn } from '../health.ts';
import { objectAt } from '../json.ts';
import type { GatewayServer } from '../server.ts';

/** mcp-proxy by sparfenyuk: serves the commands of a configuration file below `/servers/{name}`, and only tells their names. */
export function mcpProxyDialect(http: GatewayHttp): Dialect {
  return {
    name: 'mcp-proxy',
    async list(signal) {
      const { body } = await http.ask('/status', { signal });
      return Object.keys(objectAt(body, 'server_instances') ?? {}).map(serverOf);
    },
    health: async (signal) => healthIn(await http.ask('/status', { isProbe: true, signal })),
    // The server that it was started with, not by a file, is served at the root.
    route: async ({ name }) => ({
      url: http.url(name === 'default' ? ['mcp'] : ['servers', name, 'mcp']),
      transport: 'http',
    }),
  };
}

function serverOf(name: string): GatewayServer {
  return { id: name, name, transport: 'stdio', tags: [], enabled: true, state: 'unknown' };
}
