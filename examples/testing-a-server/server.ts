import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';

const prices = new Map([
  ['tea', 3],
  ['coffee', 4],
]);

/** The server under test: a shop that knows what things cost. */
function buildServer(): McpServer {
  const server = new McpServer({ name: 'shop', version: '1.0.0' });
  const description = 'What an item costs, in euros';
  const schemas = { inputSchema: z.object({ item: z.string() }), outputSchema: z.object({ price: z.number() }) };
  server.registerTool('price', { description, ...schemas }, ({ item }) => {
    const price = prices.get(item);
    if (price === undefined) return { content: [{ type: 'text', text: `There is no ${item}` }], isError: true };
    // What the tests are there to find, for once on demand.
    const told = price + Number(process.env['RAISED_BY'] ?? 0);
    const text = `${item}: ${told} €`;
    return { content: [{ type: 'text', text }], structuredContent: { price: told } };
  });
  return server;
}

serveStdio(buildServer);
