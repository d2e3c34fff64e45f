import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';

/** Serves the weather, and tells who asked and how often; disposing of it ends it. */
export async function startServer(): Promise<AsyncDisposable & { url: string }> {
  let asked = 0;
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'weather', version: '1.0.0' });
    server.registerTool('weather', { inputSchema: z.object({ city: z.string() }) }, ({ city }, { http: exchange }) => {
      asked += 1;
      const team = exchange?.req?.headers.get('x-team') ?? 'nobody';
      return { content: [{ type: 'text', text: `${city}: sunny (question ${asked}, asked by ${team})` }] };
    });
    return server;
  });
  // The adapter's types do not know exactOptionalPropertyTypes, which this repository sets.
  const http = createServer(toNodeHandler(handler) as RequestListener).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo; // It listens on a port, not on a pipe.
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async [Symbol.asyncDispose]() {
      await handler.close();
      http.close().closeAllConnections();
    },
  };
}
