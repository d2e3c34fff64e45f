import { HttpError, type JsonObject } from '@toolwire/client-core';
import type { Dialect } from '../dialect.ts';
import type { GatewayHttp } from '../gateway-http.ts';
import { healthIn } from '../health.ts';
import { listAt, objectAt } from '../json.ts';
import { pageIn } from '../pages.ts';
import { readServer } from '../read-server.ts';
import { scopeTo, type OfferKind, type Scope } from '../scope.ts';
import type { GatewayServer } from '../server.ts';

/** mcp-hub: a configuration file names its servers, which can be started and stopped, and are served at one address. */
export function mcpHubDialect(http: GatewayHttp): Dialect {
  const info = (name: string, signal?: AbortSignal): Promise<JsonObject | undefined> =>
    http
      .ask('/api/servers/info', { method: 'POST', body: { server_name: name }, signal, idempotent: true })
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
    // Its one address speaks HTTP+SSE only.
    route: async ({ name }) => ({ url: http.url('/mcp'), transport: 'sse', scope: scopeTo(scopeOf(http, name, info)) }),
  };
}

function readHubServer(raw: JsonObject): GatewayServer {
  const server = readServer({ ...raw, transport: raw['transportType'], enabled: raw['status'] !== 'disabled' });
  const tools = listAt(objectAt(raw, 'capabilities'), 'tools');
  return tools === undefined ? server : { ...server, toolCount: tools.length };
}

/** Where the hub carries out what is asked of one server, and how it wants the name. At its one address names are changed. */
const actions: Readonly<Partial<Record<OfferKind, readonly [path: string, field: string]>>> = {
  tools: ['/api/servers/tools', 'tool'],
  prompts: ['/api/servers/prompts', 'prompt'],
  resources: ['/api/servers/resources', 'uri'],
};

function scopeOf(http: GatewayHttp, server: string, info: (name: string) => Promise<JsonObject | undefined>): Scope {
  return {
    list: async (kind) => listAt(objectAt(await info(server), 'capabilities'), kind) ?? [],
    async use(kind, name, request, next) {
      const [path, field] = actions[kind] ?? [];
      if (path === undefined || field === undefined) return next(request);
      const { signal, timeoutMs = 60_000, idempotent } = request.options;
      const body = { server_name: server, [field]: name, arguments: request.params['arguments'] ?? {} };
      const answer = await http.ask(path, { method: 'POST', body, signal, timeoutMs, idempotent });
      return objectAt(answer.body, 'result');
    },
  };
}

/** An unknown server is a failure of the server's own (HTTP 500) here. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof HttpError && /not found/i.test(error.body)) return undefined;
  throw error;
}
