import type { Tool } from '@toolwire/client-core';
import { hash } from './hash.ts';

/** A tool, and the server that it is on; left out, the tool's name stands alone. */
export interface NamedTool {
  readonly server?: string;
  readonly tool: Pick<Tool, 'name'>;
}

/** Tools that wanted the same name, and the names that they got. */
export interface NameCollision {
  readonly wanted: string;
  readonly names: readonly string[];
}

/** The names of tools, in both directions. */
export interface ToolNames<Entry extends NamedTool = NamedTool> {
  /** Throws a TypeError for an entry that is not one of those given to `nameTools`. */
  nameOf(entry: Entry): string;
  /** The tool behind a name; undefined when the model made it up. */
  entryOf(name: string): Entry | undefined;
  readonly collisions: readonly NameCollision[];
}

/**
 * Gives each tool a name that OpenAI takes: `server__tool`, `_` for what is not `[A-Za-z0-9_-]`, at most 64 characters.
 * A name follows from its own tool alone; only where two tools want the same, a hash of the original names is added.
 */
export function nameTools<Entry extends NamedTool>(entries: readonly Entry[]): ToolNames<Entry> {
  const rivals = new Map<string, Entry[]>();
  for (const entry of entries) {
    const wanted = legalName(originalName(entry));
    rivals.set(wanted, [...(rivals.get(wanted) ?? []), entry]);
  }
  const names = new Map<Entry, string>();
  const byName = new Map<string, Entry>();

  function give(entry: Entry, wanted: string): void {
    let name = wanted;
    for (let count = 2; byName.has(name); count += 1) name = `${wanted.slice(0, maxLength - 4)}_${count}`;
    names.set(entry, name);
    byName.set(name, entry);
  }

  const keepers = [...rivals].map(([wanted, group]) => [wanted, keeperOf(wanted, group)] as const);
  // First those who keep their names, so that nobody else can take them.
  for (const [wanted, keeper] of keepers) if (keeper !== undefined) give(keeper, wanted);
  for (const entry of entries)
    if (!names.has(entry))
      give(entry, hashedName(originalName(entry), JSON.stringify([entry.server, entry.tool.name])));

  function nameOf(entry: Entry): string {
    const name = names.get(entry);
    if (name === undefined) throw new TypeError(`The tool ${entry.tool.name} is not one of those that were named.`);
    return name;
  }

  const collisions = [...rivals]
    .filter(([, group]) => group.length > 1)
    .map(([wanted, group]) => ({ wanted, names: group.map(nameOf) }));
  return { nameOf, entryOf: (name) => byName.get(name), collisions };
}

const maxLength = 64;
const hashLength = 8;

/** Makes a name that OpenAI takes out of any text; where letters would be lost, a hash stands for them. */
export function legalName(text: string): string {
  const name = legal(text);
  const isComplete = name.length <= maxLength && /^[ -~]*[a-z\d][ -~]*$/i.test(text);
  return isComplete ? name : hashedName(text);
}

/** The same, always with a hash, of `text` or of what else tells one from the others. */
export function hashedName(text: string, identity: string = text): string {
  const name = legal(text).slice(0, maxLength - hashLength - 1);
  return `${name}_${hash(identity, hashLength)}`;
}

/** A hub writes `server/tool`: models get `server__tool`. */
function legal(text: string): string {
  return text.replaceAll('/', '__').replaceAll(/[^\w-]+/g, '_');
}

function originalName({ server, tool }: NamedTool): string {
  return server === undefined ? tool.name : `${server}__${tool.name}`;
}

// Of several that want a name, the one that has had it all along.
function keeperOf<Entry extends NamedTool>(wanted: string, group: readonly Entry[]): Entry | undefined {
  if (group.length === 1) return group[0];
  const natural = group.filter((entry) => originalName(entry) === wanted);
  return natural.length === 1 ? natural[0] : undefined;
}
