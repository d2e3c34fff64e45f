import { CliError } from './cli-error.ts';
import type { OwnFlag } from './own-flags.ts';

/** What a written flag means. */
export interface Spelling {
  readonly name: string;
  readonly takesValue: boolean;
  /** Whether it belongs to one noun. */
  readonly ofNoun: boolean;
}

type Flags = Readonly<Record<string, 'value' | 'switch'>>;

const model: Flags = { model: 'value', api: 'value', strict: 'value', yes: 'switch' };

/** Flags that are ours only after a noun, so that no tool's flag is taken for one of them. `jobs j` is `--jobs` and `-j`. */
const flagsOfNoun: Readonly<Record<string, Flags>> = {
  chat: model,
  openai: model,
  run: { 'jobs j': 'value' },
  logs: { 'follow f': 'switch', level: 'value' },
};

const spellingsOfNoun: ReadonlyMap<string, ReadonlyMap<string, Spelling>> = new Map(
  Object.entries(flagsOfNoun).map(([noun, flags]) => [noun, spellingsOf(flags)]),
);

/** The flags of one noun, by how they are written. They come before those of every command. */
export function flagsAfter(noun: string | undefined): ReadonlyMap<string, Spelling> | undefined {
  return spellingsOfNoun.get(noun ?? '');
}

/** The flags that a command line gives to its noun, by their long names. */
export interface NounFlags {
  has(name: string): boolean;
  /** The values of a flag, in order. */
  all(name: string): readonly string[];
  /** The last value of a flag. */
  last(name: string): string | undefined;
  /** The last value, which is one of `words`; throws a usage error for any other. */
  oneOf<Word extends string>(name: string, words: readonly Word[]): Word | undefined;
  /** The last value as a whole number from 1 to 9999; throws a usage error for any other. */
  count(name: string): number | undefined;
}

/** Reads the flags of the noun among `flags`. */
export function readNounFlags(flags: readonly OwnFlag[]): NounFlags {
  const own = flags.filter((flag) => flag.ofNoun);
  const all = (name: string): readonly string[] =>
    own.filter((flag) => flag.name === name).map((flag) => flag.value ?? '');
  const last = (name: string): string | undefined => all(name).at(-1);
  return {
    all,
    last,
    has: (name) => own.some((flag) => flag.name === name),
    oneOf: (name, words) => oneOf(words, `--${name}`, last(name)),
    count: (name) => readCount(`--${name}`, last(name)),
  };
}

/** `value`, if it is one of `words`; throws a usage error for any other. */
export function oneOf<Word extends string>(
  words: readonly Word[],
  flag: string,
  value: string | undefined,
): Word | undefined {
  const word = words.find((known) => known === value);
  if (value !== undefined && word === undefined) throw new CliError('usage', `${flag} is one of ${words.join(', ')}`);
  return word;
}

function readCount(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new CliError('usage', `${flag} wants a number from 1 to 9999, not "${text}"`);
  return Number(text);
}

function spellingsOf(flags: Flags): ReadonlyMap<string, Spelling> {
  return new Map(
    Object.entries(flags).flatMap(([names, kind]) => {
      const [name = '', letter] = names.split(' ');
      const spelling: Spelling = { name, takesValue: kind === 'value', ofNoun: true };
      const written = [`--${name}`, ...(letter === undefined ? [] : [`-${letter}`])];
      return written.map((each) => [each, spelling] as const);
    }),
  );
}
