// What trexsql shows an MCP client: the first official SDK behind a rate limit, keys, a cap of sessions and their expiry.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json as readJson } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';
import { listen, serveAsProgram, type StandIn } from './stand-in.ts';

export interface TrexsqlOptions {
  /** Keys that are accepted, each of another user. Default one, `trex_test`. */
  keys?: readonly string[];
  /** Most sessions at the same time. Default 100. */
  max?: number;
  /** Requests of all clients in 15 minutes. Default 1,000. */
  limit?: number;
  /** Milliseconds without the start of a request, after which a session is closed. Default 30 minutes. */
  idleMs?: number;
  port?: number;
}

export interface Trexsql extends StandIn {
  /** The tools that were called, in order, and how many sessions are open. */
  readonly seen: { calls: string[]; sessions(): number };
  /** Closes every session without telling its client, as a restart does. */
  killSessions(): void;
}

interface TrexSession {
  readonly transport: StreamableHTTPServerTransport;
  readonly user: string;
  activeAt: number;
}

/** Starts a stand-in for trexsql. */
export async function startTrexsql(options: TrexsqlOptions = {}): Promise<Trexsql> {
  const { keys = ['trex_test'], max = 100, limit = 1000, idleMs = 30 * 60_000, port } = options;
  const sessions = new Map<string, TrexSession>();
  const calls: string[] = [];
  const isOverLimit = rateLimit(limit, 15 * 60_000);

  const end = (id: string): void => {
    void sessions.get(id)?.transport.close();
    sessions.delete(id);
  };
  const sweep = (): void => {
    for (const [id, { activeAt }] of sessions) if (Date.now() - activeAt > idleMs) end(id);
  };
  const sweeper = setInterval(sweep, idleMs / 6).unref();

  const openSession = async (user: string): Promise<StreamableHTTPServerTransport> => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, { transport, user, activeAt: Date.now() }),
    });
    await buildServer(calls).connect(transport);
    return transport;
  };

  const methods: Record<string, (exchange: Exchange) => Promise<void> | void> = {
    async POST({ request, response, user, session, body }) {
      if (session !== undefined && session.user !== user)
        return json(response, 403, { error: 'Session belongs to a different user' });
      if (session === undefined && sessions.size >= max)
        return json(response, 503, { error: 'Too many active MCP sessions' });
      // A session that is not known gets a new transport, which says that it was not initialized.
      const transport = session?.transport ?? (await openSession(user));
      return transport.handleRequest(request, response, body);
    },
    GET: ({ request, response, session }) =>
      session === undefined
        ? json(response, 400, { error: 'Invalid or missing session' })
        : session.transport.handleRequest(request, response),
    DELETE({ request, response }) {
      end(String(request.headers['mcp-session-id']));
      json(response, 200, { ok: true });
    },
  };

  const server = createServer(async (request, response) => {
    const answer = methods[request.method ?? ''];
    if (request.url !== '/trex/mcp' || answer === undefined) return void response.writeHead(404).end();
    if (isOverLimit(response)) return undefined;
    if (request.method === 'POST' && !/\*\/\*|json|event-stream/.test(request.headers.accept ?? ''))
      return json(response, 415, { error: 'Unsupported Accept header', message: 'Use application/json' });
    const body = request.method === 'POST' ? await readJson(request).catch(() => undefined) : undefined;
    const user = /^Bearer (?<key>.+)$/.exec(request.headers.authorization ?? '')?.groups?.['key'] ?? '';
    if (!keys.includes(user)) return json(response, 401, { error: 'Invalid or missing API key' });
    const session = sessions.get(String(request.headers['mcp-session-id']));
    if (session !== undefined) session.activeAt = Date.now();
    return answer({ request, response, user, session, body });
  });

  const standIn = await listen(server, '/trex/mcp', port);
  const close = async (): Promise<void> => {
    clearInterval(sweeper);
    await standIn.close();
  };
  return {
    ...standIn,
    seen: { calls, sessions: () => sessions.size },
    killSessions: () => [...sessions.keys()].forEach(end),
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly user: string;
  readonly session: TrexSession | undefined;
  readonly body: unknown;
}

/** As express-rate-limit does it, with the headers of the sixth draft: a fixed window, and HTML for who is refused. */
function rateLimit(limit: number, windowMs: number): (response: ServerResponse) => boolean {
  let used = 0;
  const resetAt = Date.now() + windowMs;
  return (response) => {
    used++;
    const reset = Math.ceil((resetAt - Date.now()) / 1000);
    response.setHeader('ratelimit-policy', `${limit};w=${windowMs / 1000}`);
    response.setHeader('ratelimit-limit', limit);
    response.setHeader('ratelimit-remaining', Math.max(limit - used, 0));
    response.setHeader('ratelimit-reset', reset);
    if (used <= limit) return false;
    response.writeHead(429, { 'retry-after': String(reset), 'content-type': 'text/html; charset=utf-8' });
    response.end('Too many requests, please try again later.');
    return true;
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function buildServer(calls: string[]): McpServer {
  const server = new McpServer({ name: 'trexsql', version: '1.0.0' });
  const answer = (name: string, value: unknown): { content: { type: 'text'; text: string }[] } => {
    calls.push(name);
    return { content: [{ type: 'text', text: JSON.stringify(value) }] };
  };
  server.registerTool('cluster-get-status', { description: 'Cluster health summary' }, () =>
    answer('cluster-get-status', { nodes: 1, healthy: true }),
  );
  server.registerTool(
    'trexdb-execute-sql',
    { description: 'Executes SQL', inputSchema: { sql: z.string() } },
    ({ sql }) => {
      if (/^select /i.test(sql)) return answer('trexdb-execute-sql', [{ sql }]);
      calls.push('trexdb-execute-sql');
      return { content: [{ type: 'text', text: 'Error: Parser Error: syntax error' }], isError: true };
    },
  );
  const guide = 'trex://plugin-development-guide';
  server.registerResource('plugin-development-guide', guide, { mimeType: 'text/markdown' }, () => ({
    contents: [{ uri: guide, mimeType: 'text/markdown', text: '# Plugins' }],
  }));
  return server;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      key: { type: 'string', multiple: true, default: ['trex_test'] },
      max: { type: 'string', default: '100' },
      limit: { type: 'string', default: '1000' },
      idle: { type: 'string', default: '1800000' },
      port: { type: 'string', default: '0' },
    },
  });
  const { key: keys, max, limit, idle, port } = values;
  await serveAsProgram(
    startTrexsql({ keys, max: Number(max), limit: Number(limit), idleMs: Number(idle), port: Number(port) }),
  );
}
