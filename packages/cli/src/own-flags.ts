import { CliError } from './cli-error.ts';
import { parseDuration } from './duration.ts';

/** The flags of the command itself, under one name each. */
export type FlagName =
  | 'api'
  | 'config'
  | 'follow'
  | 'header'
  | 'help'
  | 'input'
  | 'jobs'
  | 'json'
  | 'level'
  | 'model'
  | 'no-input'
  | 'no-validate'
  | 'output'
  | 'pick'
  | 'raw'
  | 'save'
  | 'server'
  | 'strict'
  | 'timeout'
  | 'verbose'
  | 'version'
  | 'yes';

/** One of our flags as it was written. */
export interface OwnFlag {
  readonly name: FlagName;
  readonly written: string;
  readonly value: string | undefined;
}

/** The forms that a result can be printed in. */
export const outputForms = ['human', 'json', 'jsonl', 'yaml', 'md', 'raw'] as const;

export type OutputForm = (typeof outputForms)[number];

/** What the flags of one command line add up to. */
export interface Settings {
  /** True for `--json`, `-o json` and `-o jsonl`: failures are JSON too. */
  readonly json: boolean;
  readonly output: OutputForm;
  /** The part of the result that is wanted. */
  readonly pick: string | undefined;
  /** The file or folder for what is no text. */
  readonly save: string | undefined;
  /** Whether nobody may be asked anything. */
  readonly noInput: boolean;
  readonly follow: boolean;
  readonly level: string | undefined;
  /** How many calls of a batch are under way at once. */
  readonly jobs: number;
  readonly verbose: boolean;
  readonly validate: boolean;
  readonly help: boolean;
  readonly version: boolean;
  readonly servers: readonly string[];
  readonly config: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly input: string | undefined;
  readonly model: string | undefined;
  readonly api: 'chat' | 'responses' | undefined;
  readonly strict: 'auto' | 'off' | 'require' | undefined;
  readonly yes: boolean;
}

interface Spelling {
  readonly name: FlagName;
  readonly takesValue: boolean;
}

const spellings: ReadonlyMap<string, Spelling> = new Map([
  ['-s', { name: 'server', takesValue: true }],
  ['--config', { name: 'config', takesValue: true }],
  ['--timeout', { name: 'timeout', takesValue: true }],
  ['--header', { name: 'header', takesValue: true }],
  ['--input', { name: 'input', takesValue: true }],
  ['--json', { name: 'json', takesValue: false }],
  ['-o', { name: 'output', takesValue: true }],
  ['--output', { name: 'output', takesValue: true }],
  ['-r', { name: 'raw', takesValue: false }],
  ['--pick', { name: 'pick', takesValue: true }],
  ['--save', { name: 'save', takesValue: true }],
  ['--no-input', { name: 'no-input', takesValue: false }],
  ['--no-validate', { name: 'no-validate', takesValue: false }],
  ['-v', { name: 'verbose', takesValue: false }],
  ['--verbose', { name: 'verbose', takesValue: false }],
  ['-h', { name: 'help', takesValue: false }],
  ['--help', { name: 'help', takesValue: false }],
  ['-V', { name: 'version', takesValue: false }],
  ['--version', { name: 'version', takesValue: false }],
]);

const modelSpellings: ReadonlyMap<string, Spelling> = new Map([
  ['--model', { name: 'model', takesValue: true }],
  ['--api', { name: 'api', takesValue: true }],
  ['--strict', { name: 'strict', takesValue: true }],
  ['--yes', { name: 'yes', takesValue: false }],
]);

/** Flags that are ours only after a noun, so that no tool's flag is taken for one of them. */
const spellingsOfNoun: ReadonlyMap<string, ReadonlyMap<string, Spelling>> = new Map([
  ['chat', modelSpellings],
  ['openai', modelSpellings],
  [
    'run',
    new Map([
      ['-j', { name: 'jobs', takesValue: true }],
      ['--jobs', { name: 'jobs', takesValue: true }],
    ]),
  ],
  [
    'logs',
    new Map([
      ['-f', { name: 'follow', takesValue: false }],
      ['--follow', { name: 'follow', takesValue: false }],
      ['--level', { name: 'level', takesValue: true }],
    ]),
  ],
]);

const everySpelling = new Map([...spellings, ...[...spellingsOfNoun.values()].flatMap((ofNoun) => [...ofNoun])]);

/** Every spelling of our flags, for suggestions. */
export const flagSpellings: readonly string[] = [...spellings.keys()];

/** The flags that may follow `noun`, for suggestions. */
export function flagSpellingsAfter(noun: string | undefined): readonly string[] {
  return [...flagSpellings, ...(spellingsOfNoun.get(noun ?? '')?.keys() ?? [])];
}

/** True for `--name` and `--name=value`, and for our short flags: a token that is never the value of a flag before it. */
export function isFlag(token: string): boolean {
  return /^--[^\s=-][^\s=]*(=|$)/.test(token) || (spellings.has(token) && !token.startsWith('--'));
}

/** Reads the flag at `index`, if it is one of ours, or of `noun`; `width` is the number of tokens it takes. */
export function readOwnFlag(
  tokens: readonly string[],
  index: number,
  noun?: string,
): { flag: OwnFlag; width: 1 | 2 } | undefined {
  const token = tokens[index] ?? '';
  const [written, inline] = splitFlag(token);
  const spelling = spellings.get(written) ?? spellingsOfNoun.get(noun ?? '')?.get(written);
  if (spelling === undefined) return undefined;
  const { name, takesValue } = spelling;
  if (!takesValue || inline !== undefined) return { flag: { name, written, value: inline }, width: 1 };
  const next = tokens[index + 1];
  if (next === undefined || isFlag(next)) return { flag: { name, written, value: undefined }, width: 1 };
  return { flag: { name, written, value: next }, width: 2 };
}

/** Splits `--name=value` at its first `=`. */
export function splitFlag(token: string): [written: string, inline: string | undefined] {
  const equals = token.indexOf('=');
  return equals === -1 ? [token, undefined] : [token.slice(0, equals), token.slice(equals + 1)];
}

/** Adds up `flags`, the last of a kind winning; throws a usage error for a missing or malformed value. */
export function readSettings(flags: readonly OwnFlag[]): Settings {
  for (const flag of flags) checkValue(flag);
  const given = new Set(flags.map((flag) => flag.name));
  const valuesOf = (name: FlagName): string[] =>
    flags.filter((flag) => flag.name === name).map((flag) => flag.value ?? '');
  const timeout = valuesOf('timeout').at(-1);
  const output = outputOf(flags);
  return {
    json: output === 'json' || output === 'jsonl',
    output,
    pick: valuesOf('pick').at(-1),
    save: valuesOf('save').at(-1),
    noInput: given.has('no-input'),
    follow: given.has('follow'),
    level: valuesOf('level').at(-1),
    jobs: readCount('-j', valuesOf('jobs').at(-1) ?? '1'),
    verbose: given.has('verbose'),
    validate: !given.has('no-validate'),
    help: given.has('help'),
    version: given.has('version'),
    servers: valuesOf('server'),
    config: valuesOf('config').at(-1),
    timeoutMs: timeout === undefined ? undefined : parseDuration(timeout),
    headers: Object.fromEntries(valuesOf('header').map(parseHeader)),
    input: valuesOf('input').at(-1),
    model: valuesOf('model').at(-1),
    api: oneOf(['chat', 'responses'], '--api', valuesOf('api').at(-1)),
    strict: oneOf(['auto', 'off', 'require'], '--strict', valuesOf('strict').at(-1)),
    yes: given.has('yes'),
  };
}

/** True when `flag` alone reads well, which a tool's own flag of the same name may not. */
export function isUsable(flag: OwnFlag): boolean {
  try {
    readSettings([flag]);
    return true;
  } catch {
    return false;
  }
}

function checkValue({ written, value }: OwnFlag): void {
  const takesValue = everySpelling.get(written)?.takesValue ?? false;
  if (takesValue && (value === undefined || value === '')) throw new CliError('usage', `${written} needs a value`);
  if (!takesValue && value !== undefined) throw new CliError('usage', `${written} takes no value`);
}

/** The form that was asked for last: `--json` and `-r` are short for two of them. */
function outputOf(flags: readonly OwnFlag[]): OutputForm {
  const forms = flags.flatMap(({ name, written, value }): readonly (OutputForm | undefined)[] => {
    if (name === 'json' || name === 'raw') return [name];
    return name === 'output' ? [oneOf(outputForms, written, value)] : [];
  });
  return forms.at(-1) ?? 'human';
}

function oneOf<Word extends string>(words: readonly Word[], flag: string, value: string | undefined): Word | undefined {
  const word = words.find((known) => known === value);
  if (value !== undefined && word === undefined) throw new CliError('usage', `${flag} is one of ${words.join(', ')}`);
  return word;
}

function readCount(flag: string, text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new CliError('usage', `${flag} wants a number from 1 to 9999, not "${text}"`);
  return Number(text);
}

function parseHeader(text: string): [name: string, value: string] {
  const colon = text.indexOf(':');
  const name = text.slice(0, Math.max(colon, 0)).trim();
  const value = text.slice(colon + 1).trim();
  // A line break would let the value start a header of its own.
  const isHeader = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && !/[\0\r\n]/.test(value);
  if (!isHeader) throw new CliError('usage', "--header wants 'Name: value'");
  return [name, value];
}
