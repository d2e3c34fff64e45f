import { toolsCall } from './commands/tools-call.ts';
import { toolsList } from './commands/tools-list.ts';
import { toolsShow } from './commands/tools-show.ts';
import type { Command } from './context.ts';

export { failWith } from './fail-with.ts';
export { Servers } from './servers.ts';

/** Commands by their noun and their verb. One module for these, since loading several takes longer than reading one. */
const commands: ReadonlyMap<string, Command> = new Map([
  ['tools list', toolsList],
  ['tools show', toolsShow],
  ['tools call', toolsCall],
  // What only these need is in chunks of its own.
  ['tools search', async (context) => (await import('./commands/tools-search.ts')).toolsSearch(context)],
  ['openai tools', async (context) => (await import('./commands/openai-tools.ts')).openaiTools(context)],
  ['chat', async (context) => (await import('./commands/chat.ts')).chat(context)],
]);

/** The command that these words name; all but the tools' are loaded only when they are wanted. */
export async function commandFor(words: readonly string[]): Promise<Command | undefined> {
  const name = words.join(' ');
  return commands.get(name) ?? (await import('./more-commands.ts')).moreCommand(words);
}
