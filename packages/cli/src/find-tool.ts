import type { Tool } from '@toolwire/client-core';
import { askTools, type Answer } from './ask-tools.ts';
import { CliError } from './cli-error.ts';
import type { CommandContext } from './context.ts';
import { printFailure } from './output/failure.ts';
import type { OpenServer } from './servers.ts';
import { suggest } from './suggest.ts';
import type { ServerTarget } from './targets.ts';

/** A tool and the server that has it. */
export interface FoundTool {
  readonly server: OpenServer;
  readonly tool: Tool;
}

/**
 * The one tool that `name` means among `targets`: `server/tool`, or a bare name that only one server has. Throws when
 * none or several have it; nothing is ever guessed.
 */
export async function findTool(
  name: string,
  targets: readonly ServerTarget[],
  context: CommandContext,
): Promise<FoundTool> {
  const qualified = targets.filter((target) => name.startsWith(`${target.name}/`));
  const asked = qualified.length > 0 && targets.length > 1 ? qualified : targets;
  const answers = await askTools(asked, context);
  const found = matches(name, answers);
  if (found.length > 0) return only(name, found, answers, context);
  // The part before the slash may belong to the tool's own name, on another server.
  const others = targets.filter((target) => !asked.includes(target));
  const all = [...answers, ...(await askTools(others, context))];
  return only(name, matches(name, all), all, context);
}

function matches(name: string, answers: readonly Answer[]): readonly FoundTool[] {
  return answers.flatMap(({ server, tools = [] }) => {
    const named = tools.filter((tool) => tool.name === name || `${server.name}/${tool.name}` === name);
    return named.slice(0, 1).map((tool) => ({ server, tool }));
  });
}

async function only(
  name: string,
  found: readonly FoundTool[],
  answers: readonly Answer[],
  { io, settings }: CommandContext,
): Promise<FoundTool> {
  const [first] = found;
  const failures = answers.flatMap(({ error }) => (error === undefined ? [] : [error]));
  if (first === undefined) throw failures.length > 0 ? notFoundYet(failures) : unknownTool(name, answers);
  if (found.length > 1) throw ambiguous(name, found);
  for (const failure of failures) await printFailure(io.stderr, failure, settings.json);
  return first;
}

/** The tool may be on a server that did not answer, so that failure is the news. */
function notFoundYet([failure]: readonly unknown[]): unknown {
  return failure;
}

function ambiguous(name: string, found: readonly FoundTool[]): CliError {
  const choices = found.map(({ server }) => `${server.name}/${name}`).join(' or ');
  return new CliError('ambiguous-tool', `Several servers have a tool "${name}"`, `Write ${choices}`);
}

function unknownTool(name: string, answers: readonly Answer[]): CliError {
  const known = answers.flatMap(({ tools = [] }) => tools.map((tool) => tool.name));
  const names = [
    ...known,
    ...answers.flatMap(({ server, tools = [] }) => tools.map((tool) => `${server.name}/${tool.name}`)),
  ];
  const close = suggest(name, name.includes('/') ? names : known);
  const servers = answers.map(({ server }) => server.name).join(', ');
  const hint = close === undefined ? listSome(known) : `Did you mean "${close}"?`;
  return new CliError('unknown-tool', `No tool is called "${name}" on ${servers}; nothing was run`, hint);
}

function listSome(names: readonly string[]): string {
  if (names.length === 0) return 'There are no tools';
  return `There are: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}`;
}
