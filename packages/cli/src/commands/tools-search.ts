import { searchTools } from '@toolwire/client-core';
import { answered, askAll, failuresIn } from '../ask-all.ts';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { failWithAll } from '../fail-with.ts';
import { openShow } from '../output/show.ts';
import { toolKind } from '../server-items.ts';
import { resolveTargets } from '../targets.ts';

const most = 10;

/** `mcp tools search TEXT`: the tools that fit it best, over every server that is meant; 1 when none does. */
export async function toolsSearch(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const query = line.operands.join(' ').trim();
  if (query === '') throw new CliError('usage', 'Say what is looked for: mcp tools search TEXT');
  const show = await openShow(settings, io);
  const targets = await resolveTargets({ settings, command: line.command }, io);
  const answers = await askAll(targets, context, (server) => toolKind.list(server));
  const listed = answered(answers);
  const all = listed.flatMap(({ server, value }) => value.map((tool) => ({ server: server.name, ...tool })));
  const found = searchTools(all, query, most);
  const code = await failWithAll(failuresIn(answers), context);
  if (listed.length === 0) return code;
  if (found.length === 0) throw new CliError('nothing-found', `No tool fits "${query}"`, 'All of them: mcp tools list');
  const rows = found.map((tool) => {
    const [name = '', ...rest] = toolKind.rowOf(tool);
    return [targets.length > 1 ? `${tool.server}/${name}` : name, ...rest];
  });
  const body = { head: toolKind.head, groups: [{ name: '', rows }], plural: toolKind.plural };
  await show({ value: { tools: found }, body, lines: found });
  return 0;
}
