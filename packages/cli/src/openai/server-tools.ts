import type { ToolCaller } from '@toolwire/client-core';
import type { ToolRun, ToolSource } from '@toolwire/openai-bridge';
import { ServerFailure } from '../server-failure.ts';
import type { OpenServer } from '../servers.ts';

/** Servers as the bridge wants them: by their names, where there are several to be told apart. */
export function toolSource(servers: readonly OpenServer[]): ToolSource {
  const [only, ...others] = servers;
  if (only !== undefined && others.length === 0) return toolCaller(only);
  return Object.fromEntries(servers.map((server) => [server.name, toolCaller(server)]));
}

/** `server/tool`, as people write it. */
export function writtenName({ server, tool }: Pick<ToolRun, 'server'> & { readonly tool: string }): string {
  return server === undefined ? tool : `${server}/${tool}`;
}

function toolCaller(server: OpenServer): ToolCaller {
  return {
    listTools: async () => [...(await server.listTools())],
    // The model is told what failed, not where it is seen.
    callTool: (name, args = {}, options = {}) =>
      server.callTool(name, args, options).catch((error: unknown) => {
        throw error instanceof ServerFailure ? error.cause : error;
      }),
  };
}
