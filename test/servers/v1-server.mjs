// A server on the first official SDK: sessions, and any revision up to 2025-11-25, also over HTTP+SSE.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import * as schema from '@modelcontextprotocol/sdk/types.js';
import { page } from './page.mjs';
import { complete, getPrompt, listPrompts, listResources, readResource, resourceTemplates } from './resources.mjs';
import { readServerOptions } from './server-options.mjs';
import { describeTool, grownTool, toolsAt } from './tools.mjs';

const options = readServerOptions({
  protocol: { type: 'string', default: '2025-11-25' },
  // What a request with a forgotten session gets: 404 as the specification says, or 400 as some servers answer.
  'lost-session': { type: 'string', default: '404' },
  // What a POST to the stream's own URL gets: servers that know only HTTP+SSE differ in it.
  refusal: { type: 'string', default: '404' },
  port: { type: 'string', default: '0' },
});
const revision = options.protocol;
const { pageSize } = options;
const seen = { started: [], cancelled: [], methods: [], subscribed: [], requests: [], client: undefined };
const grown = { tools: 0, resources: 0, prompts: 0 };

/** Answers `initialize` with the revision of the command line, whatever the client asks for. */
class FixedRevisionServer extends Server {
  async _oninitialize(request) {
    seen.client = request.params;
    // oxlint-disable-next-line no-underscore-dangle -- the SDK has no public way to answer an older revision
    return super._oninitialize({ ...request, params: { ...request.params, protocolVersion: revision } });
  }
}

const resultSchemas = {
  'elicitation/create': schema.ElicitResultSchema,
  'sampling/createMessage': schema.CreateMessageResultSchema,
  'roots/list': schema.ListRootsResultSchema,
};

const tools = () => [...toolsAt(revision), ...Array.from({ length: grown.tools }, (_, index) => grownTool(index + 1))];

function buildServer() {
  const capabilities = {
    tools: { listChanged: true },
    resources: { subscribe: true, listChanged: true },
    prompts: { listChanged: true },
    logging: {},
    completions: {},
  };
  const server = new FixedRevisionServer(
    { name: 'v1-server', version: '1.0.0' },
    { capabilities, instructions: 'Call echo.' },
  );
  const subscribed = new Set();
  const sayChanged = {
    tools: () => server.sendToolListChanged(),
    resources: () => server.sendResourceListChanged(),
    prompts: () => server.sendPromptListChanged(),
  };
  const handle = (requestSchema, handler) =>
    server.setRequestHandler(requestSchema, (request, extra) => {
      seen.methods.push(request.method);
      return handler(request.params ?? {}, extra);
    });

  handle(schema.ListToolsRequestSchema, ({ cursor }) =>
    page(
      'tools',
      tools().map((tool) => describeTool(tool, revision)),
      cursor,
      pageSize,
    ),
  );
  handle(schema.CallToolRequestSchema, ({ name, arguments: args = {}, _meta: meta }, extra) => {
    const tool = tools().find((candidate) => candidate.name === name);
    if (tool === undefined) throw new schema.McpError(schema.ErrorCode.InvalidParams, `Tool ${name} not found`);
    return tool.run(args, {
      revision,
      seen,
      meta,
      headers: extra.requestInfo?.headers,
      signal: extra.signal,
      async progress(progress, total, message) {
        if (meta?.progressToken === undefined) return;
        const params = { progressToken: meta.progressToken, progress, total };
        if (revision >= '2025-03-26') params.message = message;
        await extra.sendNotification({ method: 'notifications/progress', params });
      },
      log: (level, data) => server.sendLoggingMessage({ level, data, logger: 'test' }, extra.sessionId),
      ask: (_key, method, params) => extra.sendRequest({ method, ...(params && { params }) }, resultSchemas[method]),
      async resourceUpdated(uri) {
        if (subscribed.has(uri)) await server.sendResourceUpdated({ uri });
      },
      async grow(list) {
        grown[list] += 1;
        await sayChanged[list]();
      },
      closeStream: () => extra.closeSSEStream?.(),
    });
  });
  handle(schema.ListResourcesRequestSchema, ({ cursor }) =>
    page('resources', listResources(grown.resources), cursor, pageSize),
  );
  handle(schema.ListResourceTemplatesRequestSchema, ({ cursor }) =>
    page('resourceTemplates', resourceTemplates, cursor, pageSize),
  );
  handle(schema.ReadResourceRequestSchema, ({ uri }) => {
    const contents = readResource(uri);
    if (contents === undefined) throw new schema.McpError(-32002, `Resource ${uri} not found`);
    return { contents };
  });
  handle(schema.SubscribeRequestSchema, ({ uri }) => {
    subscribed.add(uri);
    seen.subscribed = [...subscribed];
    return {};
  });
  handle(schema.UnsubscribeRequestSchema, ({ uri }) => {
    subscribed.delete(uri);
    seen.subscribed = [...subscribed];
    return {};
  });
  handle(schema.ListPromptsRequestSchema, ({ cursor }) =>
    page('prompts', listPrompts(grown.prompts), cursor, pageSize),
  );
  handle(schema.GetPromptRequestSchema, ({ name, arguments: args }) => {
    const prompt = getPrompt(name, args);
    if (prompt === undefined) throw new schema.McpError(schema.ErrorCode.InvalidParams, `Prompt ${name} not found`);
    return prompt;
  });
  handle(schema.CompleteRequestSchema, (params) => complete(params));
  return server;
}

/** Keeps every event, so that a client can resume any stream. */
function eventStore() {
  const events = [];
  return {
    async storeEvent(streamId, message) {
      events.push({ streamId, message });
      return String(events.length);
    },
    async getStreamIdForEventId(eventId) {
      return events[Number(eventId) - 1]?.streamId;
    },
    async replayEventsAfter(lastEventId, { send }) {
      const { streamId } = events[Number(lastEventId) - 1];
      for (const [index, event] of events.entries()) {
        // The priming event of a stream is stored as an empty message.
        const isMessage = Object.keys(event.message).length > 0;
        if (index >= Number(lastEventId) && event.streamId === streamId && isMessage) {
          await send(String(index + 1), event.message);
        }
      }
      return streamId;
    },
  };
}

/** Streamable HTTP at /mcp. */
function serveHttp() {
  const sessions = new Map();
  const openSession = async () => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse: options.json,
      eventStore: eventStore(),
      retryInterval: 50,
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    await buildServer().connect(transport);
    return transport;
  };
  const lost = {
    404: { status: 404, code: -32001, message: 'Session not found' },
    400: { status: 400, code: -32000, message: 'Bad Request: Server not initialized' },
  }[options['lost-session']];

  listen('/mcp', sessions, async (request, response) => {
    const id = request.headers['mcp-session-id'];
    if (id !== undefined && !sessions.has(id)) {
      const error = { code: lost.code, message: lost.message };
      response
        .writeHead(lost.status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ jsonrpc: '2.0', error, id: null }));
      return;
    }
    const transport = id === undefined ? await openSession() : sessions.get(id);
    await transport.handleRequest(request, response);
  });
}

/** HTTP+SSE at /sse, its messages at /messages. */
function serveSse() {
  const sessions = new Map();
  listen('/sse', sessions, async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://server');
    if (request.method === 'GET' && pathname === '/sse') {
      const transport = new SSEServerTransport('/messages', response);
      sessions.set(transport.sessionId, transport);
      response.on('close', () => sessions.delete(transport.sessionId));
      await buildServer().connect(transport);
      return;
    }
    const transport = sessions.get(searchParams.get('sessionId'));
    if (request.method === 'POST' && pathname === '/messages' && transport !== undefined)
      await transport.handlePostMessage(request, response);
    else response.writeHead(pathname === '/sse' ? Number(options.refusal) : 404).end('Not for POST');
  });
}

/** Prints the URL of `path` once the server listens; whatever is no control goes to `answer`. */
function listen(path, sessions, answer) {
  const sockets = new Set();
  const controls = {
    'POST /_forget': () => {
      sessions.clear();
      return {};
    },
    'POST /_cut': () => {
      for (const socket of sockets) socket.destroy();
      return {};
    },
    'GET /_seen': () => ({ ...seen, sessions: sessions.size }),
  };
  const http = createServer(async (request, response) => {
    const control = controls[`${request.method} ${request.url}`];
    if (control !== undefined) {
      const body = JSON.stringify(control());
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
      return;
    }
    seen.requests.push(`${request.method} ${request.url.split('?')[0]}`);
    await answer(request, response);
  });
  http.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  http.listen(Number(options.port), '127.0.0.1', () => console.log(`http://127.0.0.1:${http.address().port}${path}`));
  // The launcher holds the other end: a server never outlives it.
  process.stdin.on('end', () => process.exit(0)).resume();
}

if (options.transport === 'http') serveHttp();
else if (options.transport === 'sse') serveSse();
else await buildServer().connect(new StdioServerTransport());
