import { verbsOf } from '../grammar.ts';
import { readOwnFlag, type OwnFlag } from '../own-flags.ts';

/** What every line of a shell starts with: its servers, and other flags that it was opened with. */
export interface Standing {
  readonly flags: readonly OwnFlag[];
  readonly servers: readonly string[];
  readonly command: readonly string[] | undefined;
}

/** Short for a noun and a verb. */
const shorthands: Readonly<Record<string, readonly string[]>> = {
  call: ['tools', 'call'],
  show: ['tools', 'show'],
  read: ['resources', 'read'],
  get: ['prompts', 'get'],
};

/** Nouns that list what there is when they stand alone. */
const lists: ReadonlySet<string> = new Set(['tools', 'resources', 'prompts', 'tasks', 'servers']);

/** The words that a line may start with, besides nouns. */
export const firstWords: readonly string[] = [...Object.keys(shorthands), 'exit'];

/** The words of a line, written out: `call x` is `tools call x`, and `mcp` in front is no word. */
export function writtenOut(words: readonly string[]): readonly string[] {
  const [first = '', ...rest] = words[0] === 'mcp' ? words.slice(1) : words;
  if (rest.length === 0 && lists.has(first)) return [first, 'list'];
  return [...(Object.hasOwn(shorthands, first) ? (shorthands[first] ?? []) : [first]), ...rest];
}

/** The whole command line that a line of the shell stands for; one that names a server itself leaves the shell's out. */
export function commandLineOf(words: readonly string[], { flags, servers, command }: Standing): readonly string[] {
  const before = flags.filter(({ name }) => !namesServer(words) || (name !== 'server' && name !== 'header'));
  const own = before.flatMap(({ written, value }) => (value === undefined ? [written] : [written, value]));
  const named = namesServer(words) || !verbsOf.has(words[0] ?? '') ? [] : servers.flatMap((name) => ['-s', name]);
  const after = namesServer(words) || command === undefined ? [] : ['--', ...command];
  return [...own, ...named, ...words, ...after];
}

function namesServer(words: readonly string[]): boolean {
  return words.some((word, index) => word === '--' || readOwnFlag(words, index)?.flag.name === 'server');
}
