import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** The server that a README means by `http://localhost:8000/mcp`; it is closed with the returned handle. */
export async function startReadmeServer(): Promise<AsyncDisposable & { readonly url: string }> {
  const handle = toNodeHandler(createMcpHandler(buildServer, { legacy: 'stateless' }));
  const server = createServer((request, response) => {
    const answer = plain[`${request.method} ${request.url}`];
    // The handler's type wants an absent method where Node's says undefined; a request that came in always has one.
    if (answer === undefined) void handle(request as Parameters<typeof handle>[0], response);
    else answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // It listens on a port, not on a path of the file system.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What the same server answers to those who do not speak MCP. */
const plain: Record<string, RequestListener> = {
  'POST /mcp/tools/call': (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"processed":"test data"}'),
  'GET /mcp/stream'({ headers }, response) {
    if (headers['last-event-id'] !== undefined) response.writeHead(204).end(); // There is only one.
    else
      response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .end('retry: 100\nid: 1\ndata: {"event":"hi"}\n\n');
  },
};

function buildServer(): McpServer {
  const server = new McpServer(
    { name: 'readme', version: '1.0.0' },
    { capabilities: { tools: { listChanged: true }, resources: { subscribe: true }, logging: {} } },
  );
  server.registerTool(
    'process_data',
    {
      description: 'Repeats its input',
      inputSchema: z.object({ input: z.string(), format: z.enum(['json', 'text']) }),
    },
    ({ input, format }) => ({
      content: [{ type: 'text', text: format === 'json' ? JSON.stringify({ processed: input }) : input }],
    }),
  );
  server.registerResource('settings', 'config://settings', { mimeType: 'application/json' }, ({ href }) => ({
    contents: [{ uri: href, mimeType: 'application/json', text: '{"theme":"dark"}' }],
  }));
  return server;
}
