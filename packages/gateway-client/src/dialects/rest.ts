import { HttpError } from '@toolwire/client-core';
import type { Dialect, Registered, Route } from '../dialect.ts';
import type { GatewayAnswer, GatewayHttp } from '../gateway-http.ts';
import { healthIn } from '../health.ts';
import { everyPage, pageIn } from '../pages.ts';
import { readServer, serverIn } from '../read-server.ts';
import { orUndefined, retryAfterMs } from '../statuses.ts';

/** The plain management API: `POST /servers`, `GET /servers`, and one server below `/servers/{id}`. */
export function restDialect(http: GatewayHttp): Dialect {
  let way: Promise<Way> | undefined;

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
    async route({ id, mcpUrl }) {
      if (mcpUrl !== undefined) return { url: new URL(mcpUrl, http.base), transport: 'auto' };
      way ??= findWay(http, id).catch((error: unknown) => {
        way = undefined; // The next call asks again.
        throw error;
      });
      return ways[await way](http, id);
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

/** How tools are reached: MCP for each server, or plain REST for each. */
type Way = 'mcp' | 'rest';

const ways: Record<Way, (http: GatewayHttp, id: string) => Route> = {
  mcp: (http, id) => ({ url: http.url(['servers', id, 'mcp']), transport: 'auto' }),
  rest: (http, id) => ({ url: http.url(['servers', id]), transport: 'rest' }),
};

/** The way that this gateway knows; asked once, and by GET alone, since a call that was sent must not be sent again another way. */
async function findWay(http: GatewayHttp, id: string): Promise<Way> {
  const [mcp, tools] = await Promise.all(
    ['mcp', 'tools'].map((last) => http.ask(['servers', id, last], { isProbe: true })),
  );
  return mcp?.status === 404 && tools?.status === 200 ? 'rest' : 'mcp';
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
