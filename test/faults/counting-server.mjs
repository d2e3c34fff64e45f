// A server that notes what it does in files, which outlive it. Tools: `act` has an effect, `look` has none.
//   node counting-server.mjs --wire stdio|http --era legacy|modern [--effects FILE] [--arrivals FILE] [--port N] [--json]
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  fromJsonSchema,
  McpServer,
  ResourceTemplate,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

const { values: options } = parseArgs({
  options: {
    wire: { type: 'string', default: 'http' },
    era: { type: 'string', default: 'legacy' },
    // One line for each effect: its key.
    effects: { type: 'string', default: '/dev/null' },
    // One line for each connection: the time in milliseconds.
    arrivals: { type: 'string', default: '/dev/null' },
    port: { type: 'string', default: '0' },
    // Answers as JSON: streams with event ids otherwise, in the legacy era.
    json: { type: 'boolean', default: false },
  },
});

const properties = { key: { type: 'string' }, waitMs: { type: 'integer' } };
const inputSchema = fromJsonSchema({ type: 'object', properties, required: ['key'] });
const textResult = (text) => ({ content: [{ type: 'text', text }] });

function buildServer() {
  const capabilities = { resources: { subscribe: true } };
  const server = new McpServer({ name: 'counting-server', version: '1.0.0' }, { capabilities });
  server.registerTool('act', { inputSchema }, async ({ key, waitMs = 0 }) => {
    appendFileSync(options.effects, `${key}\n`);
    if (waitMs > 0) await sleep(waitMs);
    return textResult(`did ${key}`);
  });
  server.registerTool('look', { inputSchema }, async ({ key, waitMs = 0 }) => {
    if (waitMs > 0) await sleep(waitMs);
    return textResult(`saw ${key}`);
  });
  const template = new ResourceTemplate('echo://{text}', { list: undefined });
  server.registerResource('echo', template, {}, ({ href }, { text }) => ({ contents: [{ uri: href, text }] }));
  if (options.era === 'legacy') {
    server.server.setRequestHandler('resources/subscribe', () => ({}));
    server.server.setRequestHandler('resources/unsubscribe', () => ({}));
  }
  return server;
}

const keptEvents = 10_000;

/** Keeps the latest events, so that a client can resume a stream. */
function eventStore() {
  const events = new Map();
  let last = 0;
  return {
    async storeEvent(streamId, message) {
      last += 1;
      events.set(last, { streamId, message });
      events.delete(last - keptEvents);
      return String(last);
    },
    async getStreamIdForEventId(id) {
      return events.get(Number(id))?.streamId;
    },
    async replayEventsAfter(after, { send }) {
      const { streamId } = events.get(Number(after));
      for (const [id, event] of events) {
        // The priming event of a stream is stored as an empty message.
        const isMessage = Object.keys(event.message).length > 0;
        if (id > Number(after) && event.streamId === streamId && isMessage) await send(String(id), event.message);
      }
      return streamId;
    },
  };
}

/** One session for each client, until this process ends. */
function legacyFetch() {
  const sessions = new Map();
  const open = async () => {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
      enableJsonResponse: options.json,
      eventStore: eventStore(),
      retryInterval: 50,
    });
    await buildServer().connect(transport);
    return transport;
  };
  return async (request) => {
    const id = request.headers.get('mcp-session-id');
    if (id !== null && !sessions.has(id)) {
      const error = { code: -32001, message: 'Session not found' };
      return Response.json({ jsonrpc: '2.0', id: null, error }, { status: 404 });
    }
    return (id === null ? await open() : sessions.get(id)).handleRequest(request);
  };
}

function serveHttp() {
  const modern = { legacy: 'reject', responseMode: options.json ? 'json' : 'auto' };
  const face = options.era === 'modern' ? createMcpHandler(buildServer, modern) : { fetch: legacyFetch() };
  const handle = toNodeHandler(face);
  const http = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy()); // Its client is gone.
  });
  http.on('connection', () => appendFileSync(options.arrivals, `${Date.now()}\n`));
  const listen = () => http.listen(Number(options.port), '127.0.0.1');
  http.on('error', () => setTimeout(listen, 10)); // The port of the process before this one is not free yet.
  http.on('listening', () => console.log(`http://127.0.0.1:${http.address().port}/mcp`));
  listen();
  // Whoever started it holds the other end: a server never outlives it.
  process.stdin.on('end', () => process.exit(0)).resume();
}

if (options.wire === 'http') serveHttp();
else serveStdio(buildServer, { legacy: options.era === 'legacy' ? 'serve' : 'reject' });
