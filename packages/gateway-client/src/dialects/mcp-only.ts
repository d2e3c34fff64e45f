import type { Dialect } from '../dialect.ts';
import type { GatewayHttp } from '../gateway-http.ts';
import { healthIn } from '../health.ts';
import type { GatewayServer } from '../server.ts';

/** A gateway that tells nothing of its servers: one address, one server, whose tools go by the gateway's names. */
export function mcpOnlyDialect(http: GatewayHttp): Dialect {
  const path = /\/(mcp|sse)\/?$/.test(http.base.pathname) ? '' : '/mcp';
  const server: GatewayServer = { id: 'mcp', name: http.base.hostname, tags: [], enabled: true, state: 'unknown' };
  return {
    name: 'mcp-only',
    list: async () => [server],
    health: async (signal) => {
      const answer = await http.ask(path, { isProbe: true, signal });
      return healthIn(answer.status < 500 ? { ...answer, status: 200, body: undefined } : answer);
    },
    route: async () => ({ url: http.url(path), transport: 'auto' }),
  };
}
