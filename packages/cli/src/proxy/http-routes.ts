import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { isJsonContentType } from '@modelcontextprotocol/server';
import { tokenOf } from './guard.ts';
import type { HostSession } from './host-session.ts';
import { httpFace } from './http-face.ts';
import { sseWire, type SseWire } from './wires/sse-wire.ts';

export type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

const maxRequestBodySize = 16 * 1024 * 1024;

/** Where one server is found over HTTP: Streamable HTTP at `mcp`, HTTP+SSE at `sse`, below each of `prefixes`. */
export function httpRoutes(prefixes: readonly string[], openSession: () => HostSession): Map<string, Route> {
  const face = httpFace(openSession);
  const wires = new Map<string, SseWire>();

  const streamable: Route = async (request, response) => {
    const caller = { credential: tokenOf(request.headers), over: once(response, 'close') };
    await routeTo((web) => face.fetch(web, caller))(request, response);
  };

  const events = (prefix: string): Route => {
    return async (request, response) => {
      if (request.method !== 'GET') {
        response.writeHead(405, { allow: 'GET' }).end();
        return;
      }
      const id = randomUUID();
      const wire = sseWire(response, `${prefix}/messages?sessionId=${id}`);
      const session = openSession();
      const key = keyOf(request, id);
      wires.set(key, wire);
      void session.closed.then(() => wires.delete(key));
      await session.serve(wire);
    };
  };

  const posted: Route = (request, response) => {
    const id = new URL(request.url ?? '', 'http://proxy').searchParams.get('sessionId') ?? '';
    return routeTo((web) => receive(web, wires.get(keyOf(request, id))))(request, response);
  };

  return new Map(
    prefixes.flatMap((prefix): [string, Route][] => [
      [`${prefix}/mcp`, streamable],
      [`${prefix}/sse`, events(prefix)],
      [`${prefix}/messages`, posted],
    ]),
  );
}

/** Who has another credential has other sessions, whatever else he knows. */
function keyOf({ headers }: IncomingMessage, id: string): string {
  return JSON.stringify([tokenOf(headers), id]);
}

/** The adapter's types do not know exactOptionalPropertyTypes. */
function routeTo(fetch: (request: Request) => Promise<Response>): Route {
  return toNodeHandler({ fetch }, { maxRequestBodySize }) as Route;
}

async function receive(request: Request, wire: SseWire | undefined): Promise<Response> {
  if (request.method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'POST' } });
  if (wire === undefined) return new Response('There is no such session', { status: 404 });
  if (!isJsonContentType(request.headers.get('content-type'))) return new Response('Send JSON', { status: 415 });
  try {
    wire.receive(await request.json());
    return new Response('Accepted', { status: 202 });
  } catch {
    return new Response('The body is no JSON', { status: 400 });
  }
}
