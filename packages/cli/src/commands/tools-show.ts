import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { findItem } from '../find-item.ts';
import { openShow } from '../output/show.ts';
import { formatToolUsage } from '../output/tool-usage.ts';
import { toolKind } from '../server-items.ts';
import { resolveTargets } from '../targets.ts';

/** `mcp tools show NAME`: one tool in full. */
export async function toolsShow(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const [name, extra] = line.operands;
  if (name === undefined || extra !== undefined) throw new CliError('usage', 'Name one tool: mcp tools show NAME');
  const show = await openShow(settings, io);
  const targets = await resolveTargets({ settings, command: line.command }, io);
  const { item: tool } = await findItem(toolKind, name, targets, context);
  await show({ value: tool, body: formatToolUsage(tool) });
  return 0;
}
