import type { JsonObject } from '@toolwire/client-core';
import type { Authentication } from '../authentication.ts';
import type { Dialect } from '../dialect.ts';
import type { GatewayHttp } from '../gateway-http.ts';
import { health, healthIn } from '../health.ts';
import { given, isObject, textAt } from '../json.ts';
import { pageIn } from '../pages.ts';
import { readServer } from '../read-server.ts';
import type { GatewayServer, ServerChange } from '../server.ts';
import { orUndefined } from '../statuses.ts';

const path = '/v1/mcp/server';

/** LiteLLM's proxy. Without its database it lists and calls; to register and to change takes one, and an administrator's key. */
export function litellmDialect(http: GatewayHttp): Dialect {
  return {
    name: 'litellm',
    list: async (signal) => pageIn(await http.ask(path, { signal }), 'servers').items.map(readLitellmServer),
    async register(spec, signal) {
      const { body } = await http.ask(path, { method: 'POST', body: bodyOf({ transport: 'http', ...spec }), signal });
      return { server: isObject(body) ? readLitellmServer(body) : undefined, askAgainMs: undefined };
    },
    async update({ id }, change) {
      await http.ask(path, { method: 'PUT', body: { server_id: id, ...bodyOf(change) } });
    },
    async remove({ id }) {
      await orUndefined(http.ask(['v1', 'mcp', 'server', id], { method: 'DELETE' }), 404);
    },
    health: async (signal) => healthIn(await http.ask('/health/liveliness', { isProbe: true, signal })),
    async serverHealth({ id }) {
      const { body } = await http.ask(`${path}/health`, { query: { server_ids: id } });
      const entry = (Array.isArray(body) ? body : []).find((each) => textAt(each, 'server_id') === id);
      const status = textAt(entry, 'status');
      if (status === 'healthy' || status === 'unhealthy')
        return health(status, 'gateway', textAt(entry, 'health_check_error'));
      return health('unknown', 'gateway');
    },
    // At this address the tools go by their own names; all together they have the server's before them.
    route: async ({ name }) => ({ url: http.url([name, 'mcp']), transport: 'http' }),
  };
}

/** Its address is the alias, where there is one. */
function readLitellmServer(raw: JsonObject): GatewayServer {
  const { state, ...server } = readServer({ ...raw, name: textAt(raw, 'alias', 'server_name', 'server_id') });
  const isInReview = textAt(raw, 'approval_status') === 'pending_review';
  return { ...server, state: isInReview ? 'pending' : state };
}

function bodyOf({ name, url, transport, description, authentication }: ServerChange): JsonObject {
  const spoken = transport === 'streamable-http' ? 'http' : transport;
  const auth = authentication === undefined ? {} : authOf(authentication);
  return given({ server_name: name, alias: name, url, transport: spoken, description, ...auth });
}

function authOf(authentication: Authentication): JsonObject {
  switch (authentication.type) {
    case 'none':
      return { auth_type: 'none' };
    case 'bearer':
      return { auth_type: 'bearer_token', credentials: { auth_value: authentication.token } };
    case 'basic':
      return {
        auth_type: 'basic',
        credentials: { auth_value: btoa(`${authentication.username}:${authentication.password}`) },
      };
    case 'api_key':
      // Its own kind sends X-API-Key, and no other header.
      return authentication.header === undefined
        ? { auth_type: 'api_key', credentials: { auth_value: authentication.value } }
        : { auth_type: 'none', static_headers: { [authentication.header]: authentication.value } };
    default:
      return { auth_type: 'none', static_headers: authentication.headers };
  }
}
