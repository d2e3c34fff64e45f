// A server of an official SDK over WebSocket: `official-server.mjs v1|v2 [port [host]]`. Prints its URL.
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import * as schema from '@modelcontextprotocol/sdk/types.js';
import { fromJsonSchema, inputRequired, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { serveWebSocket } from '@toolwire/testing';
import { describeTool, toolsAt } from '../servers/tools.mjs';

const [sdk, port = '0', host = '127.0.0.1'] = process.argv.slice(2);
const seen = { started: [], cancelled: [], methods: [] };
const capabilities = { tools: { listChanged: true }, resources: { subscribe: true }, logging: {} };

function v1Server() {
  const server = new Server({ name: 'v1 over WebSocket', version: '1' }, { capabilities });
  const tools = toolsAt('2025-11-25');
  const handle = (requestSchema, handler) =>
    server.setRequestHandler(requestSchema, (request, extra) => {
      seen.methods.push(request.method);
      return handler(request.params ?? {}, extra);
    });
  handle(schema.ListToolsRequestSchema, () => ({ tools: tools.map((tool) => describeTool(tool, '2025-11-25')) }));
  handle(schema.SubscribeRequestSchema, () => ({}));
  handle(schema.UnsubscribeRequestSchema, () => ({}));
  handle(schema.CallToolRequestSchema, ({ name, arguments: args, _meta: meta }, extra) =>
    tools
      .find((tool) => tool.name === name)
      .run(args, {
        revision: '2025-11-25',
        seen,
        signal: extra.signal,
        progress: (progress, total) =>
          extra.sendNotification({
            method: 'notifications/progress',
            params: { progressToken: meta.progressToken, progress, total },
          }),
        log: (level, data) => server.sendLoggingMessage({ level, data }),
        ask: (_key, method, params) => extra.sendRequest({ method, params }, schema.ElicitResultSchema),
        resourceUpdated: (uri) => server.sendResourceUpdated({ uri }),
        grow: () => server.sendToolListChanged(),
      }),
  );
  return server;
}

function v2Server({ era }) {
  const revision = era === 'modern' ? '2026-07-28' : '2025-11-25';
  const server = new McpServer({ name: 'v2 over WebSocket', version: '2' }, { capabilities });
  for (const tool of toolsAt(revision)) {
    server.registerTool(tool.name, { inputSchema: fromJsonSchema(tool.inputSchema) }, (args, { mcpReq }) => {
      const answer = mcpReq.inputResponses?.confirm;
      // The question goes out as the result of the call, and the call comes back with the answer.
      if (tool.name === 'confirm' && answer === undefined)
        return inputRequired({
          inputRequests: {
            confirm: inputRequired.elicit({ message: 'Go on?', requestedSchema: { type: 'object', properties: {} } }),
          },
        });
      return tool.run(args, {
        revision,
        seen,
        signal: mcpReq.signal,
        progress: (progress, total) =>
          mcpReq.notify({
            method: 'notifications/progress',
            params: { progressToken: mcpReq._meta.progressToken, progress, total },
          }),
        log: (level, data) => mcpReq.log(level, data),
        ask: async () => answer,
        resourceUpdated: (uri) => server.server.sendResourceUpdated({ uri }),
        grow: () => server.server.sendToolListChanged(),
      });
    });
  }
  return server;
}

const serve = {
  v1: (transport) => void v1Server().connect(transport),
  v2: (transport) => void serveStdio(v2Server, { transport }),
}[sdk];
const { url } = await serveWebSocket(serve, { port: Number(port), host });
console.log(url);
// The launcher holds the other end: a server never outlives it.
process.stdin.on('end', () => process.exit(0)).resume();
