import { askTools, type Answer } from '../ask-tools.ts';
import type { CommandContext } from '../context.ts';
import { commonExitCode, type ExitCode } from '../exit-codes.ts';
import { print } from '../io.ts';
import { describeFailure, printFailure } from '../output/failure.ts';
import { printJson } from '../output/json.ts';
import { formatToolList } from '../output/tool-list.ts';
import { resolveTargets } from '../targets.ts';

/** `mcp tools list`: every tool of every server that is meant; fails only when no server answers. */
export async function toolsList(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const targets = await resolveTargets({ settings, names: line.operands, command: line.command }, io);
  const answers = await askTools(targets, context);
  const errors = answers.flatMap(({ error }) => (error === undefined ? [] : [error]));
  if (errors.length < answers.length)
    await (settings.json ? listAsJson(answers, context) : listForPeople(answers, context));
  for (const error of errors) await printFailure(io.stderr, error, settings.json);
  return errors.length === answers.length ? commonExitCode(errors) : 0;
}

async function listForPeople(answers: readonly Answer[], { io }: CommandContext): Promise<void> {
  const listed = answers.flatMap(({ server, tools }) => (tools === undefined ? [] : [{ name: server.name, tools }]));
  const columns = io.stdout.isTTY === true ? io.stdout.columns : undefined;
  await print(io.stdout, formatToolList(listed, columns));
  if (listed.every(({ tools }) => tools.length === 0)) await print(io.stderr, 'mcp: there are no tools\n');
}

/** The protocol's own result for one server; for several, that of each under its name. */
async function listAsJson(answers: readonly Answer[], { io }: CommandContext): Promise<void> {
  const [only] = answers;
  if (answers.length === 1) return printJson(io.stdout, { tools: only?.tools ?? [] });
  const servers = answers.map(({ server, tools, error }) => [
    server.name,
    tools === undefined ? failure(error) : { tools },
  ]);
  return printJson(io.stdout, { servers: Object.fromEntries(servers) as unknown });
}

function failure(error: unknown): unknown {
  const { code, message } = describeFailure(error);
  return { error: { code, message } };
}
