// A server on the second official SDK: 2026-07-28, and the older era too when asked.
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  fromJsonSchema,
  inputRequired,
  McpServer,
  ProtocolError,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { page } from './page.mjs';
import { complete, getPrompt, listPrompts, listResources, readResource, resourceTemplates } from './resources.mjs';
import { readServerOptions } from './server-options.mjs';
import { describeTool, grownTool, toolsAt } from './tools.mjs';

const options = readServerOptions({
  // Serve 2025-era clients as well.
  dual: { type: 'boolean', default: false },
  // The ttlMs of lists and resources.
  ttl: { type: 'string', default: '0' },
});
const { pageSize } = options;
const seen = { started: [], cancelled: [], methods: [], client: undefined };
const grown = { tools: 0, resources: 0, prompts: 0 };
const cache = { ttlMs: Number(options.ttl), cacheScope: 'private' };
const invalidParams = -32602;

/** Thrown by `ask` when the client has not answered yet; becomes an input-required result. */
class InputNeeded extends Error {
  constructor(inputRequests, answers) {
    super('input needed');
    this.result = inputRequired({ inputRequests, requestState: JSON.stringify(answers) });
  }
}

const embedded = {
  'elicitation/create': (params) =>
    params.mode === 'url' ? inputRequired.elicitUrl(params) : inputRequired.elicit(params),
  'sampling/createMessage': (params) => inputRequired.createMessage(params),
  'roots/list': () => inputRequired.listRoots(),
};

function asker({ inputResponses = {}, requestState }) {
  const answers = { ...JSON.parse(requestState() ?? '{}'), ...inputResponses };
  return async (key, method, params) => {
    if (answers[key] !== undefined) return answers[key];
    throw new InputNeeded({ [key]: embedded[method](params) }, answers);
  };
}

function buildServer({ era }, notifier) {
  const revision = era === 'modern' ? '2026-07-28' : '2025-11-25';
  const capabilities = {
    tools: { listChanged: true },
    resources: { subscribe: true, listChanged: true },
    prompts: { listChanged: true },
    logging: {},
    completions: {},
  };
  const mcpServer = new McpServer(
    { name: 'v2-server', version: '2.0.0' },
    { capabilities, instructions: 'Call echo.' },
  );
  const { server } = mcpServer;
  const subscribed = new Set();
  const tools = () => [
    ...toolsAt(revision),
    ...Array.from({ length: grown.tools }, (_, index) => grownTool(index + 1)),
  ];
  const say = notifier ?? {
    toolsChanged: () => server.sendToolListChanged(),
    resourcesChanged: () => server.sendResourceListChanged(),
    promptsChanged: () => server.sendPromptListChanged(),
    resourceUpdated: (uri) => (era === 'modern' || subscribed.has(uri)) && server.sendResourceUpdated({ uri }),
  };

  for (const tool of tools()) {
    const inputSchema = fromJsonSchema(tool.inputSchema);
    mcpServer.registerTool(
      tool.name,
      { description: tool.description, inputSchema },
      async (args, { mcpReq, http }) => {
        seen.methods.push('tools/call');
        seen.client = mcpReq.envelope;
        const { _meta: meta } = mcpReq;
        try {
          return await tool.run(args, {
            revision,
            seen,
            meta,
            headers: http?.req && Object.fromEntries(http.req.headers),
            signal: mcpReq.signal,
            async progress(progress, total, message) {
              const progressToken = meta?.progressToken;
              if (progressToken === undefined) return;
              await mcpReq.notify({
                method: 'notifications/progress',
                params: { progressToken, progress, total, message },
              });
            },
            log: (level, data) => mcpReq.log(level, data, 'test'),
            ask: asker(mcpReq),
            resourceUpdated: (uri) => say.resourceUpdated(uri),
            async grow(list) {
              grown[list] += 1;
              await say[`${list}Changed`]();
            },
            closeStream: () => {},
          });
        } catch (error) {
          if (error instanceof InputNeeded) return error.result;
          throw error;
        }
      },
    );
  }
  const handle = (method, handler) =>
    server.setRequestHandler(method, (request) => {
      seen.methods.push(method);
      return handler(request.params ?? {});
    });
  handle('tools/list', ({ cursor }) => {
    const described = tools().map((tool) => describeTool(tool, revision));
    // A name that no header can have: over HTTP a client has to leave this tool out.
    const inputSchema = { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'not a token' } } };
    if (era === 'modern') described.push({ name: 'bad_header', inputSchema });
    return { ...page('tools', described, cursor, pageSize), ...cache };
  });
  handle('resources/list', ({ cursor }) => ({
    ...page('resources', listResources(grown.resources), cursor, pageSize),
    ...cache,
  }));
  handle('resources/templates/list', ({ cursor }) => ({
    ...page('resourceTemplates', resourceTemplates, cursor, pageSize),
    ...cache,
  }));
  handle('resources/read', ({ uri }) => {
    const contents = readResource(uri);
    if (contents === undefined) throw new ResourceNotFoundError(uri);
    return { contents, ...cache };
  });
  handle('prompts/list', ({ cursor }) => ({
    ...page('prompts', listPrompts(grown.prompts), cursor, pageSize),
    ...cache,
  }));
  handle('prompts/get', ({ name, arguments: args }) => {
    const prompt = getPrompt(name, args);
    if (prompt === undefined) throw new ProtocolError(invalidParams, `Prompt ${name} not found`);
    return prompt;
  });
  handle('completion/complete', (params) => complete(params));
  if (era === 'legacy') {
    handle('resources/subscribe', ({ uri }) => {
      subscribed.add(uri);
      return {};
    });
    handle('resources/unsubscribe', ({ uri }) => {
      subscribed.delete(uri);
      return {};
    });
  }
  return mcpServer;
}

function serveHttp() {
  const handler = createMcpHandler((context) => buildServer(context, handler.notify), {
    legacy: options.dual ? 'stateless' : 'reject',
    responseMode: options.json ? 'json' : 'auto',
  });
  const handleMcp = toNodeHandler(handler);
  const sockets = new Set();
  const http = createServer(async (request, response) => {
    if (request.url === '/_seen') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(seen));
    } else if (request.url === '/_cut') {
      for (const socket of sockets) socket.destroy();
    } else {
      await handleMcp(request, response);
    }
  });
  http.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  http.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${http.address().port}/mcp`));
  // The launcher holds the other end: a server never outlives it.
  process.stdin.on('end', () => process.exit(0)).resume();
}

if (options.transport === 'http') serveHttp();
else serveStdio((context) => buildServer(context), { legacy: options.dual ? 'serve' : 'reject' });
