import type { Tool } from '@toolwire/client-core';
import type { Command, CommandContext } from '../context.ts';
import { cliSource } from '../generate/cli.ts';
import { clientSource } from '../generate/client.ts';
import { serverWords, type ServerWords } from '../generate/server-words.ts';
import { skillSource } from '../generate/skill.ts';
import { typesSource } from '../generate/types.ts';
import { print } from '../io.ts';
import { writeNew } from '../output/write-new.ts';
import { findServer } from '../schema/find-tools.ts';

/** `mcp generate types SERVER`: the arguments and results of the tools in TypeScript. */
export const generateTypes: Command = generating(typesSource);

/** `mcp generate client SERVER`: a typed function for each tool. */
export const generateClient: Command = generating(clientSource);

/** `mcp generate cli SERVER`: the server as a command. */
export const generateCli: Command = generating(
  (server, tools, context) => cliSource(server, tools, context.words()),
  0o777,
);

/** `mcp generate skill SERVER`: how an agent uses the tools. */
export const generateSkill: Command = generating((server, tools, context) =>
  skillSource(server, tools, context.words()),
);

type Source = (server: string, tools: readonly Tool[], context: { words(): ServerWords }) => string;

/** A command that makes a file of a server's tools, and nothing else: the same tools make the same file. */
function generating(source: Source, mode = 0o666): Command {
  return async (context: CommandContext) => {
    const { line, settings, servers, io } = context;
    const target = await findServer(line.operands, context);
    const tools = await servers.open(target, settings).listTools();
    const text = source(target.name, tools, { words: () => serverWords(context, target) });
    const file = settings.own.last('out');
    if (file === undefined) await print(io.stdout, text);
    else await writeNew(file, text, { force: settings.own.has('force'), mode }, io);
    return 0;
  };
}
