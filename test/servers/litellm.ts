// LiteLLM's proxy as far as MCP goes, after its mcp_management_endpoints.py and its documentation of the MCP REST API
// (October 2026), with its database: an administrator's key, servers by id, credentials never given back.
import { randomUUID } from 'node:crypto';
import type { TestServer } from '@toolwire/testing';
import { serveFetch, type GatewayStandIn } from './serve-fetch.ts';

interface Server {
  server_id: string;
  server_name: string;
  alias: string;
  url: string;
  transport: string;
  auth_type: string;
  description?: string;
}

/** Starts a proxy; whatever is registered, `upstream` answers for it. */
export function startLitellm(upstream: TestServer, key: string): Promise<GatewayStandIn> {
  const servers = new Map<string, Server>();

  async function manage(request: Request, id: string | undefined): Promise<Response> {
    const body =
      request.method === 'POST' || request.method === 'PUT' ? ((await request.json()) as Partial<Server>) : {};
    if (request.method === 'GET') return Response.json([...servers.values()]);
    if (request.method === 'POST') {
      if (servers.has(body.server_id ?? '')) return refuse(400, `MCP Server with id ${body.server_id} already exists`);
      if (body.server_name?.includes('-') === true) return refuse(400, 'Server name cannot contain "-"');
      const server = { server_id: randomUUID(), transport: 'sse', auth_type: 'none', ...shown(body) } as Server; // As sent.
      servers.set(server.server_id, server);
      return Response.json(server, { status: 201 });
    }
    const known = servers.get(id ?? body.server_id ?? '');
    if (known === undefined) return refuse(404, 'MCP Server not found');
    if (request.method === 'DELETE') servers.delete(known.server_id);
    else servers.set(known.server_id, { ...known, ...shown(body) });
    return request.method === 'DELETE'
      ? new Response(null, { status: 202 })
      : Response.json(servers.get(known.server_id), { status: 202 });
  }

  return serveFetch(async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/health/liveliness')
      return Response.json("I'm alive!", { headers: { 'x-litellm-version': '1.80.18' } });
    if (request.headers.get('authorization') !== `Bearer ${key}`)
      return refuse(401, 'Authentication Error, Invalid proxy server token passed');
    if (pathname === '/v1/mcp/server/health') {
      const ids = searchParams.getAll('server_ids');
      return Response.json(
        ids.map((server_id) => ({ server_id, status: servers.has(server_id) ? 'healthy' : 'unknown' })),
      );
    }
    const [, id] = /^\/v1\/mcp\/server(?:\/([^/]+))?$/.exec(pathname) ?? [undefined];
    if (pathname.startsWith('/v1/mcp/server')) return manage(request, id);
    const [, alias] = /^\/([^/]+)\/mcp$/.exec(pathname) ?? [];
    const isKnown = [...servers.values()].some((server) => server.alias === alias);
    return isKnown ? upstream.fetch(request) : refuse(404, 'Not Found');
  });
}

/** What it gives back: no credentials. */
function shown(body: object): object {
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => name !== 'credentials' && name !== 'static_headers'),
  );
}

function refuse(status: number, error: string): Response {
  return Response.json({ detail: { error } }, { status });
}
