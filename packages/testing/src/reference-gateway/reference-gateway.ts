import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { connect, type JsonObject, type McpClient } from '@toolwire/client-core';
import { eventLog } from './event-log.ts';
import { credentialOf, faultsIn, shownServer, type RegisteredServer } from './registered-server.ts';
import { relay } from './relay.ts';

/** How a reference gateway behaves. */
export interface ReferenceGatewayOptions {
  /** Wanted as `Authorization: Bearer`. Default: none is. */
  token?: string;
  /** Most servers in one answer. Default 50. */
  pageSize?: number;
  /** How long a new server is `pending`, in milliseconds: registrations are answered with 202. Default 0, with 201. */
  readyAfterMs?: number;
  /** Whether a server must answer when it is registered. Default true. */
  connectOnRegister?: boolean;
}

/** A gateway that listens on a port of 127.0.0.1. */
export interface ReferenceGateway extends AsyncDisposable {
  readonly url: string;
  /** Method and path of each request, in order. */
  readonly requests: readonly string[];
  /** Breaks every connection and refuses new ones; the servers stay registered. */
  down(): Promise<void>;
  /** Listens again, at the same port. */
  up(): Promise<void>;
  close(): Promise<void>;
}

/** Starts an MCP gateway for tests: registers servers by REST, relays MCP to them, and keeps all of it in memory. */
export async function referenceGateway(options: ReferenceGatewayOptions = {}): Promise<ReferenceGateway> {
  const { token, pageSize = 50, readyAfterMs = 0, connectOnRegister = true } = options;
  const servers = new Map<string, RegisteredServer>();
  const events = eventLog();
  const requests: string[] = [];
  let http: Server | undefined;

  /** Called with what the path holds in place of each `:name`. */
  type Route = (exchange: Exchange, found: RegisteredServer) => Promise<void> | void;

  const routes: Record<string, Route> = {
    'GET /health': ({ answer }) => answer(200, { status: 'healthy' }),
    'GET /events': ({ incoming, response }) =>
      events.follow(response, incoming.headers['last-event-id'] as string | undefined), // One header, one value.
    'GET /servers'({ url, answer }) {
      const start = Number(url.searchParams.get('cursor') ?? 0);
      const limit = Math.min(Number(url.searchParams.get('limit') ?? pageSize), pageSize);
      const all = [...servers.values()];
      const nextCursor = start + limit < all.length ? String(start + limit) : null;
      answer(200, { servers: all.slice(start, start + limit).map(shownServer), nextCursor });
    },
    async 'POST /servers'({ incoming, response, answer }) {
      const body = await bodyOf(incoming);
      const faults = faultsIn(body);
      if (faults.length > 0) return answer(422, { detail: faults });
      const server = {
        ...defaults(),
        ...body,
        id: randomUUID(),
        readyAt: Date.now() + readyAfterMs,
      } as RegisteredServer; // Just checked.
      if (find(server.name) !== undefined) return answer(409, { message: `Server ${server.name} already exists` });
      if (connectOnRegister && !(await isUp(server))) return answer(502, { message: `${server.name} does not answer` });
      servers.set(server.id, server);
      events.add('server_registered', { id: server.id, name: server.name });
      response.setHeader('location', `/servers/${server.id}`);
      if (readyAfterMs > 0) response.setHeader('retry-after', '0.05');
      answer(readyAfterMs > 0 ? 202 : 201, shownServer(server));
    },
    'GET /servers/:id': ({ answer }, server) => answer(200, shownServer(server)),
    async 'PATCH /servers/:id'({ incoming, answer }, server) {
      const changed = { ...server, ...(await bodyOf(incoming)), id: server.id };
      const faults = faultsIn({ ...changed });
      if (faults.length > 0) return answer(422, { detail: faults });
      servers.set(server.id, changed);
      events.add('server_updated', { id: server.id, name: changed.name });
      answer(200, shownServer(changed));
    },
    'DELETE /servers/:id'({ response }, server) {
      servers.delete(server.id);
      events.add('server_removed', { id: server.id, name: server.name });
      response.writeHead(204).end();
    },
    async 'GET /servers/:id/health'({ answer }, server) {
      answer(200, { status: (await isUp(server)) ? 'healthy' : 'unhealthy' });
    },
    async 'GET /servers/:id/tools'({ answer }, server) {
      await withClient(server, async (client) => answer(200, { tools: await client.listTools() }));
    },
    async 'POST /servers/:id/tools/call'({ incoming, answer }, server) {
      const { name, arguments: args = {} } = await bodyOf(incoming);
      // What is no object is for the server to refuse.
      await withClient(server, async (client) =>
        answer(200, (await client.callTool(String(name), args as JsonObject)).raw),
      );
    },
    '* /servers/:id/mcp'({ incoming, response, answer }, server) {
      if (!server.enabled) return answer(409, { message: `Server ${server.name} is disabled` });
      const onDown = (): void => answer(502, { message: `${server.name} does not answer` });
      relay(incoming, response, { url: server.url, headers: credentialOf(server), onDown });
    },
  };

  function find(idOrName: string): RegisteredServer | undefined {
    return servers.get(idOrName) ?? [...servers.values()].find(({ name }) => name === idOrName);
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = exchangeOf(incoming, response);
    const { url, answer } = exchange;
    requests.push(`${incoming.method} ${url.pathname}`);
    if (token !== undefined && incoming.headers.authorization !== `Bearer ${token}`) {
      response.setHeader('www-authenticate', 'Bearer');
      return answer(401, { detail: 'Not authenticated' });
    }
    const [, collection, id = '', ...rest] = url.pathname.split('/');
    const isOne = collection === 'servers' && id !== '';
    const path = isOne ? ['', collection, ':id', ...rest].join('/') : url.pathname;
    const route = routes[`${incoming.method} ${path}`] ?? routes[`* ${path}`];
    const server = isOne ? find(decodeURIComponent(id)) : undefined;
    if (route === undefined || (isOne && server === undefined)) return answer(404, { detail: 'Not found' });
    try {
      await route(exchange, server as RegisteredServer); // There is one wherever the path names one.
    } catch (error) {
      answer(error instanceof SyntaxError ? 400 : 502, { message: String(error) });
    }
  }

  async function up(wanted: number): Promise<number> {
    http = createServer((incoming, response) => void serve(incoming, response)).listen(wanted, '127.0.0.1');
    await once(http, 'listening');
    return (http.address() as AddressInfo).port; // It listens on a port, not on a pipe.
  }

  async function down(): Promise<void> {
    if (http?.listening !== true) return;
    const closed = once(http, 'close');
    http.close();
    http.closeAllConnections();
    await closed;
  }

  const port = await up(0);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    down,
    up: async () => void (await up(port)),
    close: down,
    [Symbol.asyncDispose]: down,
  };
}

/** A request, and the way to answer it. */
interface Exchange {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly answer: (status: number, body: unknown) => void;
}

function exchangeOf(incoming: IncomingMessage, response: ServerResponse): Exchange {
  const answer: Exchange['answer'] = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  return { incoming, response, url: new URL(incoming.url ?? '/', 'http://127.0.0.1'), answer };
}

function defaults(): Pick<RegisteredServer, 'description' | 'tags' | 'enabled' | 'authentication'> {
  return { description: undefined, tags: [], enabled: true, authentication: { type: 'none' } };
}

async function bodyOf(incoming: IncomingMessage): Promise<JsonObject> {
  const body: unknown = JSON.parse(await readText(incoming));
  if (typeof body !== 'object' || body === null) throw new SyntaxError('The body is no object');
  return body as JsonObject; // What it holds is checked where it is used.
}

async function withClient<Result>(
  server: RegisteredServer,
  use: (client: McpClient) => Promise<Result>,
): Promise<Result> {
  const client = await connect(server.url, { headers: credentialOf(server), connectTimeoutMs: 2000 });
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

function isUp(server: RegisteredServer): Promise<boolean> {
  return withClient(server, async () => true).catch(() => false);
}
