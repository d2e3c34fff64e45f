import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json as readJson } from 'node:stream/consumers';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type CallToolResult } from '@modelcontextprotocol/sdk/types.js';

const readings: Record<string, number> = { Oslo: -4, Lima: 21 };
const inputSchema = { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] };
const tools = [{ name: 'temperature', description: 'Degrees in a city', inputSchema }];

function degreesIn(args: Record<string, unknown> | undefined): number | undefined {
  return readings[String(args?.['city'])];
}

/** A weather station that grew over the years: one tool, over four wires. */
export interface Station extends AsyncDisposable {
  url: string;
  /** Tells everybody at `/events`. */
  announce(reading: { city: string; degrees: number }): void;
  /** Ends every stream at `/events`, as a proxy does that has had enough. */
  dropListeners(): void;
}

/** Serves the station; disposing of it ends it. */
export async function startServer(): Promise<Station> {
  const sessions = new Map<string, SSEServerTransport>();
  const listeners = new Set<ServerResponse>();
  const announced: string[] = [];

  const routes: Record<string, RequestListener> = {
    // MCP as it was in 2024: a stream for all that the server says, and a place to post to.
    async 'GET /sse'(_request, response) {
      const transport = new SSEServerTransport('/messages', response);
      sessions.set(transport.sessionId, transport);
      await buildServer().connect(transport);
    },
    async 'POST /messages'(request, response) {
      const { searchParams } = new URL(request.url ?? '', 'http://station');
      await sessions.get(searchParams.get('sessionId') ?? '')?.handlePostMessage(request, response);
    },
    // JSON-RPC, one question at a time.
    async 'POST /rpc'(request, response) {
      const { id, method, params } = (await readJson(request)) as { id: number; method: string; params: Call };
      const result = method === 'tools/list' ? { tools } : callTool(params);
      sendJson(response, { jsonrpc: '2.0', id, result });
    },
    // No protocol at all.
    'GET /api/tools': (_request, response) => sendJson(response, tools),
    async 'POST /api/tools/call'(request, response) {
      const { arguments: args } = (await readJson(request)) as Call;
      sendJson(response, { degrees: degreesIn(args) });
    },
    'GET /events'({ headers }, response) {
      listeners.add(response.writeHead(200, { 'content-type': 'text/event-stream' }));
      response.write('retry: 100\n\n');
      const missed = announced.slice(Number(headers['last-event-id'] ?? announced.length));
      for (const event of missed) response.write(event);
    },
  };

  const http = createServer((request, response) => {
    const route = routes[`${request.method} ${request.url?.split('?')[0]}`];
    if (route === undefined) response.writeHead(404).end();
    else route(request, response);
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo; // It listens on a port, not on a pipe.
  return {
    url: `http://127.0.0.1:${port}`,
    announce(reading) {
      const event = `id: ${announced.length + 1}\nevent: reading\ndata: ${JSON.stringify(reading)}\n\n`;
      announced.push(event);
      for (const listener of listeners) listener.write(event);
    },
    dropListeners() {
      for (const listener of listeners) listener.end();
      listeners.clear();
    },
    async [Symbol.asyncDispose]() {
      http.close().closeAllConnections();
    },
  };
}

interface Call {
  name: string;
  arguments?: Record<string, unknown> | undefined;
}

function buildServer(): Server {
  const server = new Server({ name: 'station', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => callTool(params));
  return server;
}

function callTool({ arguments: args }: Call): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify({ degrees: degreesIn(args) }) }] };
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
