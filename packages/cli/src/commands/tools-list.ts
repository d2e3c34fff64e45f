import type { Command } from '../context.ts';
import { toolKind } from '../server-items.ts';
import { listing } from './listing.ts';

/** `mcp tools list`: every tool of every server that is meant. What it finds, shells can complete from then on. */
export const toolsList: Command = listing(toolKind, async (target, tools, io) => {
  const { rememberTools } = await import('../more-commands.ts');
  await rememberTools(target, tools, io);
});
