import { HttpError, isMcpError } from '@toolwire/client-core';
import type { Dialect, Registered, Route } from '../dialect.ts';
import type { GatewayAnswer, GatewayHttp } from '../gateway-http.ts';
import { healthIn } from '../health.ts';
import { everyPage, pageIn } from '../pages.ts';
import { readServer, serverIn } from '../read-server.ts';
import { remembered } from '../remembered.ts';
import { restScope, type RestTools } from '../rest-scope.ts';
import { scopeTo } from '../scope.ts';
import type { GatewayServer } from '../server.ts';
import { orUndefined, retryAfterMs } from '../statuses.ts';

/** The plain management API: `POST /servers`, `GET /servers`, and one server below `/servers/{id}`. */
export function restDialect(http: GatewayHttp): Dialect {
  let findWay: (() => Promise<Way>) | undefined;

  return {
    name: 'rest',
    events: '/events',
    async list(signal) {
      const items = await everyPage(async (cursor) =>
        pageIn(await http.ask('/servers', { query: { cursor }, signal }), 'servers'),
      );
      return items.map((item) => readServer(serverIn(item) ?? item));
    },
    async get(idOrName, signal) {
      const answer = await orUndefined(http.ask(['servers', idOrName], { signal }), 404);
      const raw = serverIn(answer?.body);
      return raw && readServer(raw);
    },
    async register(spec, signal) {
      const headers = { 'idempotency-key': crypto.randomUUID() };
      return registered(
        await http.ask('/servers', { method: 'POST', body: { transport: 'http', ...spec }, headers, signal }),
      );
    },
    update: ({ id }, change) => patch(id, change),
    async remove({ id }) {
      await http.ask(['servers', id], { method: 'DELETE' });
    },
    async setEnabled({ id }, enabled) {
      try {
        await patch(id, { enabled });
      } catch (error) {
        if (!isUnknownMethod(error)) throw error;
        await http.ask(['servers', id, 'state'], { method: 'POST', query: { activate: enabled } });
      }
    },
    health: async (signal) => healthIn(await http.ask('/health', { isProbe: true, signal })),
    serverHealth: async ({ id }) => healthIn(await http.ask(['servers', id, 'health'], { isProbe: true })),
    async route(server) {
      if (server.mcpUrl !== undefined) return { url: new URL(server.mcpUrl, http.base), transport: 'auto' };
      findWay ??= remembered(() => wayTo(http, server.id)); // The same for all.
      return ways[await findWay()](http, server);
    },
  };

  async function patch(id: string, body: object): Promise<void> {
    try {
      await http.ask(['servers', id], { method: 'PATCH', body });
    } catch (error) {
      if (!(error instanceof HttpError) || error.status !== 405) throw error;
      await http.ask(['servers', id], { method: 'PUT', body });
    }
  }
}

/** How tools are reached: MCP for each server, or plain REST for each, or for all together. */
type Way = 'mcp' | 'rest' | 'shared-rest';

const ways: Record<Way, (http: GatewayHttp, server: GatewayServer) => Route> = {
  mcp: (http, { id }) => ({ url: http.url(['servers', id, 'mcp']), transport: 'auto' }),
  rest: (http, { id }) => restRoute(http, { list: ['servers', id, 'tools'], call: ['servers', id, 'tools', 'call'] }),
  'shared-rest': (http, { name }) => restRoute(http, { list: ['tools'], call: ['tools', 'call'], server: name }),
};

function restRoute(http: GatewayHttp, tools: RestTools): Route {
  return { url: http.url('/'), transport: 'rest', scope: scopeTo(restScope(http, tools)) };
}

/** The way that this gateway knows; asked once, and by GET alone, since a call that was sent must not be sent again another way. */
async function wayTo(http: GatewayHttp, id: string): Promise<Way> {
  const paths = [['servers', id, 'mcp'], ['servers', id, 'tools'], ['tools']];
  const [mcp, tools, shared] = await Promise.all(paths.map((path) => statusOf(http, path)));
  if (mcp !== 404 || (tools !== 200 && shared !== 200)) return 'mcp';
  return tools === 200 ? 'rest' : 'shared-rest';
}

/** An event stream may keep its answer back until it has an event: it is there, then. */
async function statusOf(http: GatewayHttp, path: readonly string[]): Promise<number | undefined> {
  try {
    return (await http.ask(path, { isProbe: true, timeoutMs: 3000 })).status;
  } catch (error) {
    if (isMcpError(error) && error.code === 'timeout') return undefined;
    throw error;
  }
}

function registered({ status, body, header }: GatewayAnswer): Registered {
  const raw = serverIn(body);
  return {
    server: raw && readServer(raw),
    askAgainMs: status === 202 ? (retryAfterMs(header('retry-after')) ?? 1000) : undefined,
  };
}

function isUnknownMethod(error: unknown): boolean {
  return error instanceof HttpError && [404, 405, 501].includes(error.status);
}
