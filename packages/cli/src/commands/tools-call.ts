import { buildArguments } from '../arguments/build-arguments.ts';
import { textReader } from '../arguments/read-text.ts';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print } from '../io.ts';
import { printJson } from '../output/json.ts';
import { formatToolResult } from '../output/tool-result.ts';
import { formatToolUsage } from '../output/tool-usage.ts';
import { explained, readCall } from '../read-call.ts';
import { readVersion } from '../version.ts';

/** `mcp tools call NAME …`: checks the arguments against the tool's schema, calls it and prints what it answers. */
export async function toolsCall(context: CommandContext): Promise<ExitCode> {
  const { line, io } = context;
  const [name] = line.operands;
  if (name === undefined) throw new CliError('usage', 'Name the tool: mcp tools call NAME --key value');
  const { server, tool, entries, settings, wantsHelp } = await readCall(name, context);
  if (wantsHelp) return printed(io.stdout, formatToolUsage(tool));
  if (settings.version) return printed(io.stdout, `${readVersion()}\n`);

  const { input, validate } = settings;
  const sources = { entries, input, validate, readText: textReader(io) };
  const args = await buildArguments(tool.inputSchema, sources).catch((error: unknown) => {
    throw explained(tool, error);
  });
  const result = await server.callTool(tool.name, args, settings.timeoutMs);
  await (settings.json ? printJson(io.stdout, result.raw) : print(io.stdout, formatToolResult(result)));
  if (!result.isError) return 0;
  await print(io.stderr, 'mcp: the tool reports an error\n');
  return 1;
}

async function printed(output: Parameters<typeof print>[0], text: string): Promise<ExitCode> {
  await print(output, text);
  return 0;
}
