// What Fluxbase shows an MCP client: stateless JSON-RPC over POST at 2024-11-05, with the oddities of its hand-written server.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { listen, serveAsProgram, type StandIn } from './stand-in.ts';

export interface FluxbaseOptions {
  /** The client key that is accepted. Default `fbk_test`. */
  key?: string;
  /** Requests in each window; refused ones do not count. Default 100. */
  limit?: number;
  /** Milliseconds of the sliding window. Default 60,000. */
  windowMs?: number;
  /** A key without scopes: every list is `null`. Default false. */
  scopeless?: boolean;
  port?: number;
}

export interface Fluxbase extends StandIn {
  /** The JSON-RPC methods that were answered, in order, and the HTTP status of every request. */
  readonly seen: { methods: string[]; statuses: number[] };
}

interface Message {
  id?: unknown;
  method?: string;
  params?: { name?: string; uri?: string; arguments?: Record<string, unknown> };
}

type Reply = { result: unknown } | { error: { code: number; message: string } };

const object = { type: 'object', properties: { table: { type: 'string' } } };
const tools = ['think', 'query_table', 'insert_record', 'list_objects', 'forbidden'].map((name) => ({
  name,
  description: `Fluxbase ${name}`,
  inputSchema: object,
}));
const tableList = 'fluxbase://schema/tables';
const resources = [{ uri: tableList, name: 'Tables', mimeType: 'application/json' }];

/** Starts a stand-in for Fluxbase. */
export async function startFluxbase(options: FluxbaseOptions = {}): Promise<Fluxbase> {
  const { key = 'fbk_test', limit = 100, windowMs = 60_000, scopeless = false, port } = options;
  const seen: Fluxbase['seen'] = { methods: [], statuses: [] };
  const admitted: number[] = [];

  const isOverLimit = (now: number): boolean => {
    while ((admitted[0] ?? Infinity) <= now - windowMs) admitted.shift();
    if (admitted.length >= limit) return true;
    admitted.push(now);
    return false;
  };

  const server = createServer(async (request, response) => {
    response.once('finish', () => seen.statuses.push(response.statusCode));
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://fluxbase');
    if (pathname === '/mcp/health')
      return json(response, 200, { status: 'healthy', protocolVersion: '2024-11-05', serverVersion: '2026.10' });
    if (pathname !== '/mcp') return json(response, 404, { error: 'Not Found', code: 'NOT_FOUND', request_id: 'r-1' });
    const refusal = refusalOf(request, searchParams.get('clientkey'), key);
    if (refusal !== undefined) return json(response, 401, { error: refusal });
    if (request.method === 'GET') return answerGet(request, response);
    if (request.method !== 'POST')
      return json(response, 405, { error: 'Method Not Allowed', code: 'INVALID_INPUT', request_id: 'r-1' });
    if (request.headers['content-type']?.startsWith('application/json') !== true)
      return json(response, 415, { error: 'Content-Type must be application/json' });
    const body = await text(request);
    if (isOverLimit(Date.now())) return json(response, 429, { error: 'Rate limit exceeded. Please try again later.' });
    const message = parse(body);
    if (message?.method !== undefined) seen.methods.push(message.method);
    const reply = message === undefined ? failure(-32_700, 'Parse error') : replyTo(message, scopeless);
    // Its encoder leaves an empty id out: so do the errors that it sends for notifications.
    const id = message?.id === undefined ? {} : { id: message.id };
    return send(request, response, JSON.stringify({ jsonrpc: '2.0', ...id, ...reply }));
  });
  return { ...(await listen(server, '/mcp', port)), seen };
}

/** The first credential decides: a bad bearer token hides a good client key. */
function refusalOf({ headers }: IncomingMessage, inQuery: string | null, key: string): string | undefined {
  if (headers.authorization !== undefined) return 'Invalid token';
  const given = headers['x-client-key'] ?? inQuery;
  if (given === null) return 'Authentication required. Provide a client key, service key or bearer token.';
  return given === key ? undefined : 'Invalid client key';
}

function answerGet({ headers }: IncomingMessage, response: ServerResponse): void {
  if (headers.accept?.includes('text/event-stream') !== true)
    json(response, 406, { error: 'Accept must include text/event-stream' });
  else json(response, 501, { error: 'Server-initiated notifications not yet implemented' });
}

function replyTo({ method, params = {} }: Message, scopeless: boolean): Reply {
  const visible = <T>(list: T[]): T[] | null => (scopeless ? null : list.toSorted(() => Math.random() - 0.5));
  switch (method) {
    case 'initialize':
      return result({
        protocolVersion: '2024-11-05',
        capabilities: { tools: { listChanged: false }, resources: { subscribe: false, listChanged: false } },
        serverInfo: { name: 'fluxbase', version: '2026.10', environment: 'test' },
      });
    case 'ping':
      return result({});
    case 'tools/list':
      return result({ tools: visible(tools) });
    case 'tools/call':
      return callTool(params.name ?? '', params.arguments ?? {});
    case 'resources/list':
      return result({ resources: visible(resources) });
    case 'resources/templates': // Not `resources/templates/list`.
      return result({ resourceTemplates: visible([{ uriTemplate: `${tableList}/{schema}/{table}`, name: 'Table' }]) });
    case 'resources/read':
      return params.uri === tableList
        ? result({ contents: [{ uri: tableList, mimeType: 'application/json', text: '["public.users"]' }] })
        : failure(-32_002, `Resource not found: ${params.uri}`);
    default:
      return failure(-32_601, `Method not found: ${method}`);
  }
}

function callTool(name: string, args: Record<string, unknown>): Reply {
  if (name === 'forbidden') return failure(-32_006, 'Forbidden: missing required scopes for tool forbidden');
  if (!tools.some((tool) => tool.name === name)) return failure(-32_003, `Tool not found: ${name}`);
  return result({ content: [{ type: 'text', text: JSON.stringify({ tool: name, ...args }) }] });
}

function result(value: unknown): Reply {
  return { result: value };
}

function failure(code: number, message: string): Reply {
  return { error: { code, message } };
}

/** A batch is no message here. */
function parse(body: string): Message | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** One event without a name for whoever accepts events, also as the answer to a notification. */
function send({ headers }: IncomingMessage, response: ServerResponse, body: string): void {
  if (headers.accept?.includes('text/event-stream') === true)
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${body}\n\n`);
  else response.writeHead(200, { 'content-type': 'application/json' }).end(body);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      key: { type: 'string', default: 'fbk_test' },
      limit: { type: 'string', default: '100' },
      window: { type: 'string', default: '60000' },
      scopeless: { type: 'boolean', default: false },
      port: { type: 'string', default: '0' },
    },
  });
  const { key, limit, window, scopeless, port } = values;
  await serveAsProgram(
    startFluxbase({ key, limit: Number(limit), windowMs: Number(window), scopeless, port: Number(port) }),
  );
}
