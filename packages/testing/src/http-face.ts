import { randomUUID } from 'node:crypto';
import {
  createMcpHandler,
  isLegacyRequest,
  WebStandardStreamableHTTPServerTransport,
  type McpServer,
} from '@modelcontextprotocol/server';

/** Which revisions a test server speaks: up to 2025-11-25 (`legacy`), 2026-07-28 (`modern`), or all of them. */
export type Era = 'both' | 'legacy' | 'modern';

/** A server as a function from request to response. */
export interface HttpFace {
  fetch(request: Request): Promise<Response>;
  forgetSessions(): Promise<void>;
  close(): Promise<void>;
}

/** Serves what `build` makes: a session each in the legacy era, a request each in the modern one. */
export function httpFace(build: () => McpServer, era: Era): HttpFace {
  const modern = createMcpHandler(build, { legacy: 'reject' });
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();

  async function legacy(request: Request): Promise<Response> {
    const id = request.headers.get('mcp-session-id');
    const known = sessions.get(id ?? '');
    if (known !== undefined) return known.handleRequest(request);
    if (id !== null) return sessionNotFound();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (session) => void sessions.set(session, transport),
      onsessionclosed: (session) => void sessions.delete(session),
    });
    await build().connect(transport);
    return transport.handleRequest(request);
  }

  async function forgetSessions(): Promise<void> {
    const forgotten = [...sessions.values()];
    sessions.clear();
    await Promise.all(forgotten.map((transport) => transport.close()));
  }

  return {
    async fetch(request) {
      const isLegacy = era === 'legacy' || (era === 'both' && (await isLegacyRequest(request)));
      return isLegacy ? legacy(request) : modern.fetch(request);
    },
    forgetSessions,
    async close() {
      await forgetSessions();
      await modern.close();
    },
  };
}

function sessionNotFound(): Response {
  const error = { code: -32001, message: 'Session not found' };
  return Response.json({ jsonrpc: '2.0', id: null, error }, { status: 404 });
}
