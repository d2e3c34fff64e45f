import type { CompletionReference } from '@toolwire/client-core';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { findItem } from '../find-item.ts';
import { openShow } from '../output/show.ts';
import { promptKind, templateKind } from '../server-items.ts';
import type { OpenServer } from '../servers.ts';
import { resolveTargets } from '../targets.ts';

const usage = 'Write mcp complete PROMPT|TEMPLATE ARGUMENT=START [OTHER=VALUE…]';

/** `mcp complete REF ARG=START`: the values that an argument of a prompt or of a resource template may take. */
export async function complete(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const [name = '', ...pairs] = line.operands;
  const [argument, ...others] = pairs.map(readPair);
  if (argument === undefined) throw new CliError('usage', usage);
  const show = await openShow(settings, io);
  const { server, reference } = await findReference(name, context);
  const chosen = Object.fromEntries(others.map(({ name: other, value }) => [other, value]));
  const completion = await server.use((client) =>
    client.complete(reference, argument, others.length === 0 ? {} : { context: chosen }),
  );
  const rows = completion.values.map((value) => [value]);
  await show({
    value: { completion },
    body: { head: [argument.name], groups: [{ name: server.name, rows }], plural: 'completions' },
    lines: completion.values,
  });
  return 0;
}

function readPair(text: string): { name: string; value: string } {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new CliError('usage', `"${text}" is not ARGUMENT=START`, usage);
  return { name: text.slice(0, equals), value: text.slice(equals + 1) };
}

/** A template has braces, which no name of a prompt has. */
async function findReference(
  name: string,
  context: CommandContext,
): Promise<{ server: OpenServer; reference: CompletionReference }> {
  const targets = await resolveTargets({ settings: context.settings, command: context.line.command }, context.io);
  if (name.includes('{')) {
    const { server, item } = await findItem(templateKind, name, targets, context);
    return { server, reference: { type: 'ref/resource', uri: item.uriTemplate } };
  }
  const { server, item } = await findItem(promptKind, name, targets, context);
  return { server, reference: { type: 'ref/prompt', name: item.name } };
}
