import type { Tool } from '@toolwire/client-core';
import type { CommandContext } from './context.ts';
import type { OpenServer } from './servers.ts';
import type { ServerTarget } from './targets.ts';

/** What one server answered when it was asked for its tools. */
export type Answer =
  | { readonly server: OpenServer; readonly tools: readonly Tool[]; readonly error?: undefined }
  | { readonly server: OpenServer; readonly tools?: undefined; readonly error: unknown };

/** Asks all of `targets` at the same time; a dead one hides no other. */
export function askTools(
  targets: readonly ServerTarget[],
  { servers, settings }: CommandContext,
): Promise<readonly Answer[]> {
  return Promise.all(
    targets.map(async (target): Promise<Answer> => {
      const server = servers.open(target, settings);
      try {
        return { server, tools: await server.listTools() };
      } catch (error) {
        return { server, error };
      }
    }),
  );
}
