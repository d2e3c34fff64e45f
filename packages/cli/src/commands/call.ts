import { buildArguments } from '../arguments/build-arguments.ts';
import { textReader } from '../arguments/read-text.ts';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print } from '../io.ts';
import { openShow, type Show } from '../output/show.ts';
import { formatToolUsage } from '../output/tool-usage.ts';
import { explained, readCall, type Call, type Callable } from '../read-call.ts';
import { readVersion } from '../version.ts';

/** Calls what a command line names, with the arguments that follow its name, once those fit its schema. */
export async function call(
  callable: Callable,
  context: CommandContext,
  send: (call: Call, args: Record<string, unknown>, show: Show) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { line, io } = context;
  const { words, kind } = callable;
  if (line.operands.length === 0) throw new CliError('usage', `Name the ${kind.word}: mcp ${words} NAME --key value`);
  const found = await readCall(callable, context);
  const { tool, entries, settings, wantsHelp } = found;
  if (wantsHelp) return printed(formatToolUsage(tool, words), context);
  if (settings.version) return printed(`${readVersion()}\n`, context);

  const { input, validate } = settings;
  const show = await openShow(settings, io);
  const sources = { entries, input, validate, readText: textReader(io) };
  const args = await buildArguments(tool.inputSchema, sources).catch((error: unknown) => {
    throw explained(words, tool, error);
  });
  return send(found, args, show);
}

async function printed(text: string, { io }: CommandContext): Promise<ExitCode> {
  await print(io.stdout, text);
  return 0;
}
