import type { McpClient } from './client.ts';
import { isMcpError } from './errors.ts';
import type { Tool } from './protocol/types.ts';

type Watched = Pick<McpClient, 'listTools' | 'subscribe' | 'status'>;

/** Hands `onChanged` the server's tools whenever they are not what they were, until the client is closed. */
export async function watchTools(client: Watched, onChanged: (tools: Tool[]) => void): Promise<void> {
  let known: string | undefined;
  const look = async (): Promise<void> => {
    const tools = await client.listTools({ fresh: true });
    const before = known;
    known = fingerprint(tools);
    if (before !== undefined && before !== known) onChanged(tools);
  };
  const watch = async (): Promise<void> => {
    const changes = await client.subscribe({ tools: true });
    await look();
    for await (const { type } of changes) if (type === 'tools') await look();
  };
  for (;;) {
    try {
      return await watch();
    } catch (error) {
      if (!isMcpError(error) || error.code !== 'crash-loop' || !(await isConnectedAgain(client))) throw error;
    }
  }
}

/** A server that was given up is watched again once somebody has it connected. */
async function isConnectedAgain(client: Watched): Promise<boolean> {
  for await (const { type } of client.status()) if (type === 'connected') return true;
  return false;
}

/** Some servers list their tools in another order each time. */
function fingerprint(tools: readonly Tool[]): string {
  return tools
    .map((tool) => JSON.stringify(tool))
    .toSorted()
    .join('\n');
}
