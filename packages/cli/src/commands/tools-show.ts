import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { findTool } from '../find-tool.ts';
import { print } from '../io.ts';
import { printJson } from '../output/json.ts';
import { formatToolUsage } from '../output/tool-usage.ts';
import { resolveTargets } from '../targets.ts';

/** `mcp tools show NAME`: one tool in full. */
export async function toolsShow(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const [name, extra] = line.operands;
  if (name === undefined || extra !== undefined) throw new CliError('usage', 'Name one tool: mcp tools show NAME');
  const targets = await resolveTargets({ settings, command: line.command }, io);
  const { tool } = await findTool(name, targets, context);
  await (settings.json ? printJson(io.stdout, tool) : print(io.stdout, formatToolUsage(tool)));
  return 0;
}
