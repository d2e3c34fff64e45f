import type { Dialect } from '../dialect.ts';
import type { GatewayHttp } from '../gateway-http.ts';
import { healthIn } from '../health.ts';
import { given } from '../json.ts';
import { readRegistryPages, readRegistryServer } from '../registry/registry-api.ts';
import type { RegistryServer } from '../registry/registry-server.ts';
import type { GatewayServer } from '../server.ts';

/** The API of the official MCP Registry, which others speak, too: a catalogue, to be read. */
export function registryDialect(http: GatewayHttp): Dialect {
  return {
    name: 'registry',
    list: async (signal) => (await readRegistryPages(http, { version: 'latest' }, Infinity, signal)).map(gatewayServer),
    async get(name, signal) {
      const server = await readRegistryServer(http, name, 'latest', signal);
      return server && gatewayServer(server);
    },
    health: async (signal) => healthIn(await http.ask('/v0.1/servers', { isProbe: true, query: { limit: 1 }, signal })),
  };
}

function gatewayServer({ name, description, remotes, status }: RegistryServer): GatewayServer {
  const [remote] = remotes;
  return {
    id: name,
    name,
    ...given({ description, url: remote?.url, transport: remote?.type ?? 'stdio' }),
    tags: [],
    enabled: status !== 'deleted',
    state: status === 'deleted' ? 'deleting' : 'active',
  };
}
