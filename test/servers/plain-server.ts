// The plain HTTP that integration guides show: JSON-RPC by single POST, /tools and /tools/call, and a stream of events.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json as readJson } from 'node:stream/consumers';
import { listen, type StandIn } from './stand-in.ts';

export interface PlainServerOptions {
  /** Wanted as `Authorization: Bearer`. Default: none is. */
  token?: string;
  /** How `GET /tools` wraps its list. Default `list`: not at all. */
  toolsAs?: 'list' | 'object' | 'rpc';
  /** What `POST /tools/call` answers. Default `result`: a result of the protocol. */
  resultAs?: 'result' | 'value' | 'text' | 'rpc';
  /** Answers `POST /mcp` with one event. Default false. */
  events?: boolean;
  port?: number;
}

export interface PlainServer extends StandIn {
  /** Method and path of each request, and the bodies of those that had one. */
  readonly seen: { requests: string[]; bodies: Record<string, unknown>[] };
  /** Sends an event to every open stream at `/mcp/stream`; it gets the next id. */
  publish(event: unknown): void;
  /** Ends the streams at `/mcp/stream`; from now on there are none (204) when `forGood`. */
  endStreams(forGood?: boolean): void;
}

const parameters = { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] };
const tools = [{ name: 'process_data', description: 'Counts the letters of its input', inputSchema: parameters }];

/** Starts a server that knows no sessions and no handshake. */
export async function startPlainServer(options: PlainServerOptions = {}): Promise<PlainServer> {
  const { token, toolsAs = 'list', resultAs = 'result', events = false, port } = options;
  const seen: PlainServer['seen'] = { requests: [], bodies: [] };
  const published: unknown[] = [];
  const streams = new Set<ServerResponse>();
  let isOver = false;

  const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void> | void> = {
    async 'POST /mcp'(request, response) {
      const message = await bodyOf(request);
      const body = JSON.stringify({ jsonrpc: '2.0', id: message['id'], ...answerTo(message) });
      if (events) response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${body}\n\n`);
      else response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    },
    'GET /tools'(_request, response) {
      json(response, { list: tools, object: { tools }, rpc: { jsonrpc: '2.0', id: 1, result: { tools } } }[toolsAs]);
    },
    async 'POST /tools/call'(request, response) {
      const body = await bodyOf(request);
      const length = lengthOf(body);
      if (length === undefined) return json(response, { error: `Tool ${String(body['name'])} not found` }, 404);
      if (resultAs === 'text')
        return void response.writeHead(200, { 'content-type': 'text/plain' }).end(`${length} letters`);
      const result = { content: [{ type: 'text', text: `${length} letters` }], structuredContent: { length } };
      return json(response, { result, value: { length }, rpc: { jsonrpc: '2.0', id: 1, result } }[resultAs]);
    },
    'GET /mcp/stream'({ headers }, response) {
      if (isOver) {
        response.writeHead(204).end();
        return;
      }
      streams.add(response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' }));
      response.on('close', () => streams.delete(response)).write('retry: 20\n: hello\n\n');
      const last = Number(headers['last-event-id'] ?? published.length);
      for (let id = last + 1; id <= published.length; id++) response.write(eventOf(id, published[id - 1]));
    },
  };

  const bodyOf = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
    const body = (await readJson(request)) as Record<string, unknown>; // The clients under test send nothing else.
    seen.bodies.push(body);
    return body;
  };

  const server = createServer(async (request, response) => {
    const route = `${request.method} ${request.url}`;
    seen.requests.push(route);
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
      return json(response, { error: 'invalid token' }, 401);
    return (routes[route] ?? notFound)(request, response);
  });
  return {
    ...(await listen(server, '', port)),
    seen,
    publish(event) {
      const id = published.push(event);
      for (const stream of streams) stream.write(eventOf(id, event));
    },
    endStreams(forGood = false) {
      isOver = forGood;
      for (const stream of streams) stream.end();
    },
  };
}

function answerTo({ method, params }: Record<string, unknown>): object {
  if (method === 'tools/list') return { result: { tools } };
  const length = lengthOf(params as Record<string, unknown>);
  if (method === 'tools/call' && length !== undefined)
    return { result: { content: [{ type: 'text', text: `${length} letters` }], structuredContent: { length } } };
  return { error: { code: -32_601, message: `Method not found: ${String(method)}` } };
}

/** The letters of the input, when it is the one tool that is called. */
function lengthOf({ name, arguments: args }: { name?: unknown; arguments?: unknown }): number | undefined {
  if (name !== 'process_data') return undefined;
  return String((args as { input?: unknown } | undefined)?.input ?? '').length;
}

function eventOf(id: number, event: unknown): string {
  return `id: ${id}\nevent: tool_executed\ndata: ${JSON.stringify(event)}\n\n`;
}

function notFound(_request: IncomingMessage, response: ServerResponse): void {
  json(response, { error: 'not found' }, 404);
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
