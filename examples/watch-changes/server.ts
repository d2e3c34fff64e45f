import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';

const kitchen = 'room://kitchen';

/** A house whose rooms and skills change while clients watch. */
export interface House extends AsyncDisposable {
  url: string;
  warmTo(degrees: number): void;
  learn(skill: string): void;
}

/** Serves a house; disposing of it ends it. */
export async function startServer(): Promise<House> {
  let degrees = 19;
  const skills = ['close_window'];

  const handler = createMcpHandler(() => {
    // Without `subscribe` a server leaves resources out of what it tells its watchers.
    const capabilities = { resources: { subscribe: true }, tools: { listChanged: true } };
    const server = new McpServer({ name: 'house', version: '1.0.0' }, { capabilities });
    // Clients may keep what they have read for a minute: only the news of a change makes them ask again.
    const cacheHint = { ttlMs: 60_000, cacheScope: 'private' } as const;
    server.registerResource('kitchen', kitchen, { mimeType: 'application/json', cacheHint }, () => ({
      contents: [{ uri: kitchen, mimeType: 'application/json', text: JSON.stringify({ degrees }) }],
    }));
    for (const skill of skills) server.registerTool(skill, {}, () => ({ content: [{ type: 'text', text: 'done' }] }));
    return server;
  });

  // The adapter's types do not know exactOptionalPropertyTypes, which this repository sets.
  const http = createServer(toNodeHandler(handler) as RequestListener).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo; // It listens on a port, not on a pipe.
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    warmTo(next) {
      degrees = next;
      handler.notify.resourceUpdated(kitchen);
    },
    learn(skill) {
      skills.push(skill);
      handler.notify.toolsChanged();
    },
    async [Symbol.asyncDispose]() {
      await handler.close();
      http.close().closeAllConnections();
    },
  };
}
