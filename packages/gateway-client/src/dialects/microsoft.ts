import type { Dialect } from '../dialect.ts';
import type { GatewayHttp } from '../gateway-http.ts';
import { healthIn, health } from '../health.ts';
import { numberAt, textAt } from '../json.ts';
import { pageIn } from '../pages.ts';
import { readServer } from '../read-server.ts';
import { orUndefined } from '../statuses.ts';

/** microsoft/mcp-gateway: runs servers as container images ("adapters"), so that a server that has a URL cannot be registered. */
export function microsoftDialect(http: GatewayHttp): Dialect {
  return {
    name: 'microsoft',
    list: async (signal) => pageIn(await http.ask('/adapters', { signal }), 'adapters').items.map(readServer),
    async get(name, signal) {
      const answer = await orUndefined(http.ask(['adapters', name], { signal }), 404);
      return answer && readServer({ name, description: textAt(answer.body, 'description') });
    },
    async remove({ name }) {
      await http.ask(['adapters', name], { method: 'DELETE' });
    },
    health: async (signal) => healthIn(await http.ask('/ping', { isProbe: true, signal })),
    async serverHealth({ name }) {
      const { body } = await http.ask(['adapters', name, 'status']);
      const ready = numberAt(body, 'readyReplicas') ?? 0;
      const message = textAt(body, 'replicaStatus');
      return health(ready > 0 ? 'healthy' : 'unhealthy', 'gateway', message);
    },
    route: async ({ name }) => ({
      url: http.url(['adapters', name, 'mcp']),
      transport: 'http',
      fetch: fetchTellingLostSessions,
    }),
  };
}

/** It answers 503 and nothing more to a session that it does not know any more; MCP says 404, and a new one is opened. */
const fetchTellingLostSessions: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (response.status !== 503 || !new Headers(init?.headers).has('mcp-session-id')) return response;
  const text = await response.text();
  return text === '' ? new Response(null, { status: 404 }) : new Response(text, response);
};
