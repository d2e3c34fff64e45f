import { randomUUID } from 'node:crypto';
import {
  classifyInboundRequest,
  isJsonContentType,
  PerRequestHTTPServerTransport,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import type { JsonObject } from '@toolwire/client-core';
import { readMeta } from './envelope.ts';
import type { HostSession } from './host-session.ts';
import { IdleSessions } from './idle-sessions.ts';
import { rpcCode } from './rpc-error.ts';

/** What is known of a request besides what it says. */
export interface Caller {
  /** By what it was let in. */
  readonly credential: string;
  /** Settles when its answer is complete, or nobody reads it any more. */
  readonly over: Promise<unknown>;
}

/** Streamable HTTP for one server, both eras, as a function from request to response. */
export interface HttpFace {
  fetch(request: Request, caller: Caller): Promise<Response>;
  close(): Promise<void>;
}

type Modern = Extract<ReturnType<typeof classifyInboundRequest>, { kind: 'modern' }>;

/**
 * Up to 2025-11-25 a host has a session by its id. In 2026-07-28 there are no sessions on the wire: requests with the same
 * credential, name and abilities are one host's, and share one session with the server.
 */
export function httpFace(openSession: () => HostSession): HttpFace {
  const legacy = new IdleSessions<WebStandardStreamableHTTPServerTransport>();
  const modern = new IdleSessions<undefined>();

  async function serveLegacy(request: Request, parsedBody: unknown, caller: Caller): Promise<Response> {
    const id = request.headers.get('mcp-session-id');
    if (id !== null) {
      const known = legacy.use(keyOf(caller, id), caller.over);
      if (known === undefined) return failure(404, rpcCode.requestTimeout, 'Session not found');
      return known.wire.handleRequest(request, { parsedBody });
    }
    if (legacy.isFull) return tooManySessions();
    const session = openSession();
    const wire = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (sessionId) => void legacy.add(keyOf(caller, sessionId), { session, wire }, caller.over),
    });
    await session.serve(wire);
    const response = await wire.handleRequest(request, { parsedBody });
    if (wire.sessionId === undefined) await session.close(); // It was no handshake, and has been answered so.
    return response;
  }

  async function serveModern({ message, classification }: Modern, request: Request, caller: Caller): Promise<Response> {
    const params = (message.params ?? {}) as JsonObject; // An object, by the classification.
    const key = keyOf(caller, readMeta(params).identity);
    if (modern.isFull && !modern.has(key)) return tooManySessions();
    const { session } =
      modern.use(key, caller.over) ?? modern.add(key, { session: openSession(), wire: undefined }, caller.over);
    const wire = new PerRequestHTTPServerTransport({ classification });
    await session.serveExchange(wire);
    try {
      return await wire.handleMessage(message, { request });
    } catch {
      return new Response(null, { status: 499 }); // The host has left: nobody reads this.
    }
  }

  return {
    async fetch(request, caller) {
      if (request.method !== 'POST') return serveLegacy(request, undefined, caller);
      if (!isJsonContentType(request.headers.get('content-type')))
        return failure(415, rpcCode.serverError, 'Content-Type must be application/json');
      let body: unknown;
      try {
        body = await request.json();
      } catch {
        return failure(400, rpcCode.parseError, 'The body is no JSON');
      }
      const route = classifyInboundRequest({
        httpMethod: request.method,
        body,
        ...headerOf(request, 'protocolVersionHeader', 'mcp-protocol-version'),
        ...headerOf(request, 'mcpMethodHeader', 'mcp-method'),
        ...headerOf(request, 'mcpNameHeader', 'mcp-name'),
      });
      if (route.kind === 'reject') return failure(route.httpStatus, route.code, route.message);
      return route.kind === 'modern' ? serveModern(route, request, caller) : serveLegacy(request, body, caller);
    },
    async close() {
      await Promise.all([legacy.close(), modern.close()]);
    },
  };
}

/** Who has another credential has other sessions, whatever else he knows. */
function keyOf({ credential }: Caller, session: unknown): string {
  return JSON.stringify([credential, session]);
}

function headerOf<K extends string>(request: Request, key: K, name: string): Partial<Record<K, string>> {
  const value = request.headers.get(name);
  return value === null ? {} : ({ [key]: value } as Partial<Record<K, string>>); // A computed key widens to string.
}

function tooManySessions(): Response {
  return failure(503, rpcCode.serverError, 'The proxy serves too many sessions', { 'retry-after': '30' });
}

function failure(status: number, code: number, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ jsonrpc: '2.0', id: null, error: { code, message } }, { status, headers });
}
