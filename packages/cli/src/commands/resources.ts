import type { ReadResourceResult } from '@toolwire/client-core';
import { askAll, failuresIn } from '../ask-all.ts';
import { CliError } from '../cli-error.ts';
import type { Command, CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { failWithAll } from '../fail-with.ts';
import { findItem } from '../find-item.ts';
import { attachmentsOf, formatBlock, joinTexts, rawOf } from '../output/content-block.ts';
import { openShow, type Shown } from '../output/show.ts';
import { resourceKind, templateKind } from '../server-items.ts';
import type { OpenServer } from '../servers.ts';
import { resolveTargets } from '../targets.ts';
import { matchesTemplate } from '../uri-template.ts';
import { listing } from './listing.ts';

/** `mcp resources list`: every resource of every server that is meant. */
export const resourcesList: Command = listing(resourceKind);

/** `mcp resources templates`: the patterns of URIs that servers can read. */
export const resourcesTemplates: Command = listing(templateKind);

/** `mcp resources read URI`: what a resource holds. */
export async function resourcesRead(context: CommandContext): Promise<ExitCode> {
  const show = await openShow(context.settings, context.io);
  const { server, uri } = await findResource('read', context);
  await show(shownResource(await server.use((client, onProgress) => client.readResource(uri, { onProgress }), uri)));
  return 0;
}

/** A resource and the server that has it: the only one that is meant, the one that lists it, or whose template fits it. */
export async function findResource(
  verb: string,
  context: CommandContext,
): Promise<{ server: OpenServer; uri: string }> {
  const { line, settings, servers, io } = context;
  const [uri, extra] = line.operands;
  if (uri === undefined || extra !== undefined) {
    throw new CliError('usage', `Name one resource: mcp resources ${verb} URI`);
  }
  const targets = await resolveTargets({ settings, command: line.command }, io);
  const [target] = targets;
  // What a server can read need not be in its list.
  if (target !== undefined && targets.length === 1) return { server: servers.open(target, settings), uri };
  const answers = await askAll(targets, context, async (server) => ({
    isListed: (await resourceKind.list(server)).some((resource) => resource.uri === uri),
    fits: (await templateKind.list(server)).some(({ uriTemplate }) => matchesTemplate(uriTemplate, uri)),
  }));
  const listed = answers.filter(({ value }) => value?.isListed === true);
  const able = listed.length > 0 ? listed : answers.filter(({ value }) => value?.fits === true);
  const [first, ...others] = able;
  // No server has it: found by name or refused with what is there.
  if (first === undefined) return findByName(uri, targets, context);
  if (others.length > 0) {
    const names = able.map(({ server }) => `-s ${server.name}`).join(' or ');
    throw new CliError('ambiguous-resource', `Several servers have a resource ${uri}`, `Write ${names}`);
  }
  await failWithAll(failuresIn(answers), context);
  return { server: first.server, uri };
}

async function findByName(
  name: string,
  targets: Awaited<ReturnType<typeof resolveTargets>>,
  context: CommandContext,
): Promise<{ server: OpenServer; uri: string }> {
  const { server, item } = await findItem(resourceKind, name, targets, context);
  return { server, uri: item.uri };
}

function shownResource(result: ReadResourceResult): Shown {
  const blocks = result.contents.map((resource) => ({ type: 'resource', resource }));
  return {
    value: result,
    body: joinTexts(blocks.map(formatBlock)),
    lines: result.contents,
    get data() {
      return dataOf(result);
    },
    raw: () => rawOf(blocks),
    attachments: attachmentsOf(blocks),
  };
}

/** What a resource of one part says, where it is JSON. */
function dataOf(result: ReadResourceResult): unknown {
  const [part, ...others] = result.contents;
  if (part === undefined || others.length > 0 || !('text' in part)) return result;
  try {
    return JSON.parse(part.text) as unknown;
  } catch {
    return result;
  }
}
