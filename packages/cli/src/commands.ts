import { toolsCall } from './commands/tools-call.ts';
import { toolsList } from './commands/tools-list.ts';
import { toolsShow } from './commands/tools-show.ts';
import type { Command } from './context.ts';

export { failWith } from './fail-with.ts';
export { Servers } from './servers.ts';

/** Every command, by its noun and its verb. One module for all of them, since loading several takes longer than reading one. */
export const commands: ReadonlyMap<string, Command> = new Map([
  ['tools list', toolsList],
  ['tools show', toolsShow],
  ['tools call', toolsCall],
  // What only these need is in chunks of its own.
  ['openai tools', async (context) => (await import('./commands/openai-tools.ts')).openaiTools(context)],
  ['chat', async (context) => (await import('./commands/chat.ts')).chat(context)],
]);
