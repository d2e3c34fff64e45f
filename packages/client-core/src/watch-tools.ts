import type { McpClient } from './client.ts';
import type { Tool } from './protocol/types.ts';

/** Hands `onChanged` the server's tools whenever they are not what they were, until the client is closed. */
export async function watchTools(
  client: Pick<McpClient, 'listTools' | 'subscribe'>,
  onChanged: (tools: Tool[]) => void,
): Promise<void> {
  const changes = await client.subscribe({ tools: true });
  let known = fingerprint(await client.listTools());
  for await (const { type } of changes) {
    if (type !== 'tools') continue;
    const tools = await client.listTools({ fresh: true });
    if (fingerprint(tools) === known) continue;
    known = fingerprint(tools);
    onChanged(tools);
  }
}

/** Some servers list their tools in another order each time. */
function fingerprint(tools: readonly Tool[]): string {
  return tools
    .map((tool) => JSON.stringify(tool))
    .toSorted()
    .join('\n');
}
