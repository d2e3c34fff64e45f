import { HttpError, type JsonObject } from '@toolwire/client-core';
import type { Dialect } from '../dialect.ts';
import type { GatewayHttp } from '../gateway-http.ts';
import { healthIn } from '../health.ts';
import { listAt, objectAt } from '../json.ts';
import { pageIn } from '../pages.ts';
import { readServer } from '../read-server.ts';
import { scopeTo, type Scope } from '../scope.ts';
import type { GatewayServer } from '../server.ts';

/** mcp-hub: a configuration file names its servers, which can be started and stopped, and are served at one address. */
export function mcpHubDialect(http: GatewayHttp): Dialect {
  const info = (name: string, signal?: AbortSignal): Promise<JsonObject | undefined> =>
    http
      .ask('/api/servers/info', { method: 'POST', body: { server_name: name }, signal })
      .then(({ body }) => objectAt(body, 'server'), unlessMissing);
  return {
    name: 'mcp-hub',
    events: '/api/events',
    list: async (signal) => pageIn(await http.ask('/api/servers', { signal }), 'servers').items.map(readHubServer),
    async get(name, signal) {
      const server = await info(name, signal);
      return server && readHubServer(server);
    },
    async setEnabled({ name }, enabled) {
      const body = { server_name: name };
      if (enabled) await http.ask('/api/servers/start', { method: 'POST', body });
      else await http.ask('/api/servers/stop', { method: 'POST', body, query: { disable: true } });
    },
    health: async (signal) => healthIn(await http.ask('/api/health', { isProbe: true, signal })),
    // What is aggregated is served over HTTP+SSE only.
    route: async ({ name }) => ({ url: http.url('/mcp'), transport: 'sse', scope: scopeTo(scopeOf(name, info)) }),
  };
}

function readHubServer(raw: JsonObject): GatewayServer {
  const server = readServer({ ...raw, transport: raw['transportType'], enabled: raw['status'] !== 'disabled' });
  const tools = listAt(objectAt(raw, 'capabilities'), 'tools');
  return tools === undefined ? server : { ...server, toolCount: tools.length };
}

/** Its offers come with the server, under the server's own names; at the address each has the server's name before it. */
function scopeOf(server: string, info: (name: string) => Promise<JsonObject | undefined>): Scope {
  return {
    server,
    list: async (kind) => listAt(objectAt(await info(server), 'capabilities'), kind) ?? [],
    exposed: async (_kind, own) => `${server}__${own}`,
  };
}

/** An unknown server is a failure of the server's own (HTTP 500) here. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof HttpError && /not found/i.test(error.body)) return undefined;
  throw error;
}
