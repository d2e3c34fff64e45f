import { answered, askAll, failuresIn, type Answer } from './ask-all.ts';
import { CliError } from './cli-error.ts';
import type { CommandContext } from './context.ts';
import { failWithAll } from './fail-with.ts';
import type { ItemKind } from './server-items.ts';
import type { OpenServer } from './servers.ts';
import { suggest } from './suggest.ts';
import type { ServerTarget } from './targets.ts';

/** A tool, a prompt or a resource, and the server that has it. */
export interface Found<Item> {
  readonly server: OpenServer;
  readonly item: Item;
}

type Answers<Item> = readonly Answer<readonly Item[]>[];

/**
 * The one of a kind that `name` means among `targets`: `server/name`, or a bare name that only one server has. Throws
 * when none or several have it; nothing is ever guessed.
 */
export async function findItem<Item>(
  kind: ItemKind<Item>,
  name: string,
  targets: readonly ServerTarget[],
  context: CommandContext,
): Promise<Found<Item>> {
  const ask = (some: readonly ServerTarget[]): Promise<Answers<Item>> =>
    askAll(some, context, (server) => kind.list(server));
  const qualified = targets.filter((target) => name.startsWith(`${target.name}/`));
  const asked = qualified.length > 0 && targets.length > 1 ? qualified : targets;
  const answers = await ask(asked);
  const found = matches(kind, name, answers);
  if (found.length > 0) return only(kind, name, found, answers, context);
  // The part before the slash may belong to the name itself, on another server.
  const all = [...answers, ...(await ask(targets.filter((target) => !asked.includes(target))))];
  return only(kind, name, matches(kind, name, all), all, context);
}

function matches<Item>(kind: ItemKind<Item>, name: string, answers: Answers<Item>): readonly Found<Item>[] {
  return answered(answers).flatMap(({ server, value }) => {
    const named = value.filter((item) => [kind.nameOf(item), `${server.name}/${kind.nameOf(item)}`].includes(name));
    return named.slice(0, 1).map((item) => ({ server, item }));
  });
}

async function only<Item>(
  kind: ItemKind<Item>,
  name: string,
  found: readonly Found<Item>[],
  answers: Answers<Item>,
  context: CommandContext,
): Promise<Found<Item>> {
  const [first] = found;
  const failures = failuresIn(answers);
  // It may be on a server that did not answer, so that failure is the news.
  if (first === undefined) throw failures.length > 0 ? failures[0] : unknown(kind, name, answers);
  if (found.length > 1) throw ambiguous(kind, name, found);
  await failWithAll(failures, context);
  return first;
}

function ambiguous<Item>({ word }: ItemKind<Item>, name: string, found: readonly Found<Item>[]): CliError {
  const choices = found.map(({ server }) => `${server.name}/${name}`).join(' or ');
  return new CliError(`ambiguous-${word}`, `Several servers have a ${word} "${name}"`, `Write ${choices}`);
}

function unknown<Item>(kind: ItemKind<Item>, name: string, answers: Answers<Item>): CliError {
  const { word, plural } = kind;
  const known = answered(answers).flatMap(({ value }) => value.map((item) => kind.nameOf(item)));
  const qualified = answered(answers).flatMap(({ server, value }) =>
    value.map((item) => `${server.name}/${kind.nameOf(item)}`),
  );
  const close = suggest(name, name.includes('/') ? [...known, ...qualified] : known);
  const servers = answers.map(({ server }) => server.name).join(', ');
  const hint = close === undefined ? listSome(plural, known) : `Did you mean "${close}"?`;
  return new CliError(`unknown-${word}`, `No ${word} is called "${name}" on ${servers}; nothing was run`, hint);
}

function listSome(plural: string, names: readonly string[]): string {
  if (names.length === 0) return `There are no ${plural}`;
  return `There are: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}`;
}
