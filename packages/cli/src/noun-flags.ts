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

const lock: Flags = { lock: 'value' };
const model: Flags = { ...lock, model: 'value', api: 'value', strict: 'value', yes: 'switch' };

/** Where the runs of pipelines are kept. */
const kept: Flags = { db: 'value', dir: 'value' };

const listening: Flags = {
  listen: 'value',
  host: 'value',
  token: 'value',
  'no-token': 'switch',
  'allow-host': 'value',
  'allow-origin': 'value',
};

/** Flags that are ours only after a noun, so that no tool's flag is taken for one of them. `jobs j` is `--jobs` and `-j`. */
const flagsOfNoun: Readonly<Record<string, Flags>> = {
  auth: {
    'no-browser': 'switch',
    'with-token': 'switch',
    'client-credentials': 'switch',
    'client-id': 'value',
    'client-secret-env': 'value',
    'client-secret-stdin': 'switch',
    issuer: 'value',
    'redirect-url': 'value',
    scope: 'value',
    all: 'switch',
    show: 'switch',
  },
  bench: { 'calls n': 'value', 'jobs j': 'value', duration: 'value', 'warm-up': 'value', yes: 'switch' },
  chat: model,
  openai: model,
  mock: listening,
  record: { append: 'switch', force: 'switch', 'pass-env': 'value' },
  replay: listening,
  tools: { ...lock, task: 'switch', detach: 'switch' },
  gateway: {
    description: 'value',
    dialect: 'value',
    force: 'switch',
    gateway: 'value',
    'server-header': 'value',
    tag: 'value',
    transport: 'value',
  },
  registry: {
    as: 'value',
    force: 'switch',
    limit: 'value',
    package: 'switch',
    registry: 'value',
    set: 'value',
    user: 'switch',
    yes: 'switch',
  },
  schema: { file: 'value', force: 'switch' },
  lint: { strict: 'switch' },
  generate: { out: 'value', force: 'switch' },
  run: {
    ...lock,
    ...kept,
    'jobs j': 'value',
    concurrency: 'value',
    detach: 'switch',
    'dry-run': 'switch',
    id: 'value',
    input: 'value',
  },
  runs: {
    ...kept,
    all: 'switch',
    force: 'switch',
    from: 'value',
    html: 'value',
    'older-than': 'value',
    unknown: 'value',
  },
  worker: kept,
  test: { filter: 'value', junit: 'value', force: 'switch' },
  trace: { 'pass-env': 'value' },
  up: { idle: 'value' },
  down: { all: 'switch' },
  logs: { 'follow f': 'switch', level: 'value' },
  servers: {
    client: 'value',
    'dry-run': 'switch',
    env: 'value',
    force: 'switch',
    transport: 'value',
    user: 'switch',
    'variable v': 'value',
    yes: 'switch',
  },
  config: { resolved: 'switch' },
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
  /** The last value as a whole number from 1 to 999999; throws a usage error for any other. */
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
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new CliError('usage', `${flag} wants a number from 1 to 999999, not "${text}"`);
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
