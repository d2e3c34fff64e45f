import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createTestServer } from '@toolwire/testing';

/** A remote server that wants a key with every request. */
export interface Shop extends AsyncDisposable {
  readonly url: string;
  /** Forgets its sessions, as a server does that is deployed anew. */
  forgetSessions(): Promise<void>;
}

/** Starts the shop on a free port; disposing of it ends it. */
export async function startShop(key: string): Promise<Shop> {
  const shop = createTestServer({
    name: 'shop',
    era: 'legacy',
    tools: {
      price_of: {
        description: 'The price of an article',
        inputSchema: { type: 'object', properties: { article: { type: 'string' } }, required: ['article'] },
        handler: ({ article }) => `A ${String(article)} costs 12 €`,
      },
    },
  });
  const fetch = async (request: Request): Promise<Response> =>
    request.headers.get('x-client-key') === key
      ? shop.fetch(request)
      : Response.json({ error: 'Invalid client key' }, { status: 401 });
  // The adapter's types do not know exactOptionalPropertyTypes, which this repository sets.
  const http = createServer(toNodeHandler({ fetch }) as RequestListener).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo; // It listens on a port, not on a pipe.
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    forgetSessions: () => shop.forgetSessions(),
    async [Symbol.asyncDispose]() {
      await shop.close();
      http.close().closeAllConnections();
    },
  };
}
