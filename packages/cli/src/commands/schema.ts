import { compareTools, lockTools } from '@toolwire/client-core';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print } from '../io.ts';
import { safeJson, sanitizeLine } from '../output/sanitize.ts';
import { openShow } from '../output/show.ts';
import { writeNew } from '../output/write-new.ts';
import { toolsOfFile, toolsOfServer, type NamedTools } from '../schema/find-tools.ts';
import { driftLines, formatDrift, isSame } from '../schema/format-drift.ts';

/** `mcp schema save SERVER FILE`: writes down the tools of a server, for a later `diff`. */
export async function schemaSave(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const file = line.operands.at(-1);
  if (file === undefined || line.operands.length > 2) throw usage('save SERVER FILE');
  const { name, tools } = await toolsOfServer(line.operands.slice(0, -1), context);
  const text = `${safeJson(await lockTools(tools), 2)}\n`;
  await writeNew(file, text, { force: settings.own.has('force') }, io);
  await print(io.stderr, `mcp: ${tools.length} tools of ${sanitizeLine(name)} saved as ${file}\n`);
  return 0;
}

/** `mcp schema diff BEFORE AFTER`: how the tools of two servers or files differ; fails when they do. */
export async function schemaDiff(context: CommandContext): Promise<ExitCode> {
  const { settings, io } = context;
  const show = await openShow(settings, io);
  const [before, after] = await twoSides(context);
  const drift = await compareTools(await lockTools(before.tools), after.tools);
  const name = `${before.name} → ${after.name}`;
  await show({
    value: drift,
    body: formatDrift(name, drift, 'the same tools'),
    lines: driftLines(after.name, drift),
  });
  return isSame(drift) ? 0 : 1;
}

/** A file is what was, and the server that is named besides it what is now, whichever stands first. */
async function twoSides(context: CommandContext): Promise<readonly [NamedTools, NamedTools]> {
  const { line, settings } = context;
  const { operands, command } = line;
  const alone = (only: typeof command): CommandContext => ({
    ...context,
    line: { ...line, command: only },
    settings: { ...settings, servers: [] },
  });
  const [one, other, ...more] = await Promise.all([
    ...[...settings.servers, ...operands].map((word) => side(word, alone(undefined))),
    ...(command === undefined ? [] : [toolsOfServer([], alone(command))]),
  ]);
  if (one === undefined || other === undefined || more.length > 0) throw usage('diff SERVER FILE, or any two of them');
  return one.isFile !== true && other.isFile === true ? [other, one] : [one, other];
}

async function side(word: string, context: CommandContext): Promise<NamedTools> {
  return (await toolsOfFile(word, context)) ?? toolsOfServer([word], context);
}

function usage(words: string): CliError {
  return new CliError('usage', `Write mcp schema ${words}`, 'See mcp schema --help');
}
