import { once } from 'node:events';
import { createServer, STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { guard, type GuardOptions, type Refused } from './guard.ts';
import type { HostSession } from './host-session.ts';
import { httpRoutes, type Route } from './http-routes.ts';
import type { Log } from './log.ts';
import { webSocketUpgrade } from './web-socket-routes.ts';

/** What a listener offers, and to whom. */
export interface ListenerOptions {
  readonly address: string;
  readonly port: number;
  /** `http` serves Streamable HTTP and HTTP+SSE, `ws` WebSocket. */
  readonly scheme: 'http' | 'ws';
  readonly guard: GuardOptions;
  /** Opens a session with a host, by the name of the server that it is for. */
  readonly servers: ReadonlyMap<string, () => HostSession>;
  readonly log: Log;
}

export interface Listener {
  readonly port: number;
  /** Ends every session and frees the port. */
  close(): Promise<void>;
}

/** Longer than clients keep a connection, so that none is closed while a request is on its way. */
const keepAliveMs = 75_000;

/** Serves hosts on a port; each gets sessions of its own. */
export async function listen({ address, port, scheme, servers, log, ...options }: ListenerOptions): Promise<Listener> {
  const refusalOf = guard(options.guard);
  const sessions = new Set<HostSession>();
  const openers = [...servers].map(([name, open]) => ({
    prefixes: [`/servers/${encodeURIComponent(name)}`, ...(servers.size === 1 ? [''] : [])],
    open: tracked(open, sessions),
  }));
  const routes = new Map<string, Route>([['/healthz', health]]);
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      log.say(`a request failed: ${String(error)}`);
      response.destroy();
    });
  });
  server.keepAliveTimeout = keepAliveMs;
  if (scheme === 'http') {
    for (const { prefixes, open } of openers)
      for (const [path, route] of httpRoutes(prefixes, open)) routes.set(path, route);
  } else {
    const upgrade = webSocketUpgrade();
    const byPath = new Map<string, () => HostSession>(
      openers.flatMap(({ prefixes, open }) => prefixes.map((prefix) => [`${prefix}/ws`, open])),
    );
    server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => {}); // Whoever breaks off a handshake is not waited for.
      const open = byPath.get(pathOf(request));
      const refused = refusalOf(request.headers) ?? (open === undefined ? { status: 404 as const } : undefined);
      if (refused !== undefined) refuseUpgrade(socket, refused.status);
      else if (open !== undefined) upgrade(request, socket, head, open);
    });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = routes.get(pathOf(request));
    const refused = refusalOf(request.headers);
    if (refused?.status !== 403) allowOrigin(request, response);
    if (refused?.status !== 403 && isPreflight(request)) answerPreflight(request, response);
    else if (refused !== undefined && !(route === health && refused.status === 401)) refuse(response, refused);
    else if (route === undefined) response.writeHead(404).end();
    else await route(request, response);
  }

  server.listen(port, address);
  await once(server, 'listening'); // Rejects when the port is taken.
  server.on('error', (error) => log.say(error.message));
  return {
    port: (server.address() as AddressInfo).port, // It listens on a port, not on a pipe.
    async close() {
      server.close();
      await Promise.all([...sessions].map((session) => session.close()));
      server.closeAllConnections();
    },
  };
}

function tracked(open: () => HostSession, sessions: Set<HostSession>): () => HostSession {
  return () => {
    const session = open();
    sessions.add(session);
    void session.closed.then(() => sessions.delete(session));
    return session;
  };
}

/** Says that the proxy lives, to whoever may reach it; nothing about the servers behind it. */
function health(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.replace(/[?#].*$/s, '');
}

function refuse(response: ServerResponse, { status, message }: Refused): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    connection: 'close', // The body is not read.
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
  });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32_000, message } }));
}

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/** Only for origins that the guard has let in. */
function allowOrigin({ headers: { origin } }: IncomingMessage, response: ServerResponse): void {
  if (origin === undefined) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', 'mcp-session-id');
  response.setHeader('vary', 'origin');
}

function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

function answerPreflight({ headers }: IncomingMessage, response: ServerResponse): void {
  const wanted = headers['access-control-request-headers'];
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, POST, DELETE',
    ...(wanted !== undefined && { 'access-control-allow-headers': wanted }),
  });
  response.end();
}
