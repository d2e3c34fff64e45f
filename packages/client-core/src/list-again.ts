import type { McpClient } from './client.ts';

const lists: Record<string, (client: McpClient) => Promise<unknown>> = {
  'tools/list': (client) => client.listTools({ fresh: true }),
  'resources/list': (client) => client.listResources({ fresh: true }),
  'resources/templates/list': (client) => client.listResourceTemplates({ fresh: true }),
  'prompts/list': (client) => client.listPrompts({ fresh: true }),
};

/** Lists again what was listed before, so that names, headers and schemas are those of the server as it is now. */
export async function listAgain(client: McpClient, methods: Iterable<string>): Promise<void> {
  for (const method of methods) await lists[method]?.(client);
}
