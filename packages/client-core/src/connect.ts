import type { ClientOptions } from './client-options.ts';
import { McpClient } from './client.ts';
import type { Target } from './target.ts';

/** Connects to an MCP server by URL, command or transport, and gives back a client that is ready for calls. */
export async function connect(target: Target, options: ClientOptions = {}): Promise<McpClient> {
  const client = new McpClient(target, options);
  try {
    await client.connect();
    return client;
  } catch (error) {
    void client.close(); // Whoever opens, closes: on every path. A child that is slow to end does not delay the error.
    throw error;
  }
}
