import { CliError } from './cli-error.ts';
import { parseDuration } from './duration.ts';
import { flagsAfter, oneOf, readNounFlags, type NounFlags, type Spelling } from './noun-flags.ts';

/** One of our flags as it was written. */
export interface OwnFlag extends Spelling {
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
  /** Whether what the configuration of this folder starts is allowed for this run. */
  readonly trust: boolean;
  readonly verbose: boolean;
  readonly validate: boolean;
  readonly help: boolean;
  readonly version: boolean;
  readonly servers: readonly string[];
  readonly config: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** The file of the authority that servers are trusted by. */
  readonly ca: string | undefined;
  /** Whether credentials may travel unencrypted to other machines. */
  readonly insecureHttp: boolean;
  /** The variable that holds a token. */
  readonly bearerEnv: string | undefined;
  readonly input: string | undefined;
  /** The flags of this command's noun alone. */
  readonly own: NounFlags;
}

const spellings: ReadonlyMap<string, Spelling> = new Map([
  ['-s', withValue('server')],
  ['--config', withValue('config')],
  ['--timeout', withValue('timeout')],
  ['--header', withValue('header')],
  ['--bearer-env', withValue('bearer-env')],
  ['--ca', withValue('ca')],
  ['--insecure-http', plain('insecure-http')],
  ['--input', withValue('input')],
  ['--json', plain('json')],
  ['-o', withValue('output')],
  ['--output', withValue('output')],
  ['-r', plain('raw')],
  ['--pick', withValue('pick')],
  ['--save', withValue('save')],
  ['--no-input', plain('no-input')],
  ['--trust', plain('trust')],
  ['--no-validate', plain('no-validate')],
  ['-v', plain('verbose')],
  ['--verbose', plain('verbose')],
  ['-h', plain('help')],
  ['--help', plain('help')],
  ['-V', plain('version')],
  ['--version', plain('version')],
]);

/** Every spelling of our flags, for suggestions. */
export const flagSpellings: readonly string[] = [...spellings.keys()];

/** The flags that may follow `noun`, for suggestions. */
export function flagSpellingsAfter(noun: string | undefined): readonly string[] {
  return [...flagSpellings, ...(flagsAfter(noun)?.keys() ?? [])];
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
  const spelling = flagsAfter(noun)?.get(written) ?? spellings.get(written);
  if (spelling === undefined) return undefined;
  if (!spelling.takesValue || inline !== undefined) return { flag: { ...spelling, written, value: inline }, width: 1 };
  const next = tokens[index + 1];
  if (next === undefined || isFlag(next)) return { flag: { ...spelling, written, value: undefined }, width: 1 };
  return { flag: { ...spelling, written, value: next }, width: 2 };
}

/** Splits `--name=value` at its first `=`. */
export function splitFlag(token: string): [written: string, inline: string | undefined] {
  const equals = token.indexOf('=');
  return equals === -1 ? [token, undefined] : [token.slice(0, equals), token.slice(equals + 1)];
}

/** Adds up `flags`, the last of a kind winning; throws a usage error for a missing or malformed value. */
export function readSettings(flags: readonly OwnFlag[]): Settings {
  for (const flag of flags) checkValue(flag);
  const common = flags.filter((flag) => !flag.ofNoun);
  const given = new Set(common.map((flag) => flag.name));
  const valuesOf = (name: string): string[] =>
    common.filter((flag) => flag.name === name).map((flag) => flag.value ?? '');
  const timeout = valuesOf('timeout').at(-1);
  const output = outputOf(common);
  return {
    json: output === 'json' || output === 'jsonl',
    output,
    pick: valuesOf('pick').at(-1),
    save: valuesOf('save').at(-1),
    noInput: given.has('no-input'),
    trust: given.has('trust'),
    verbose: given.has('verbose'),
    validate: !given.has('no-validate'),
    help: given.has('help'),
    version: given.has('version'),
    servers: valuesOf('server'),
    config: valuesOf('config').at(-1),
    timeoutMs: timeout === undefined ? undefined : parseDuration(timeout),
    headers: Object.fromEntries(valuesOf('header').map(parseHeader)),
    bearerEnv: valuesOf('bearer-env').at(-1),
    ca: valuesOf('ca').at(-1),
    insecureHttp: given.has('insecure-http'),
    input: valuesOf('input').at(-1),
    own: readNounFlags(flags),
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

function checkValue({ written, takesValue, value }: OwnFlag): void {
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

function plain(name: string): Spelling {
  return { name, takesValue: false, ofNoun: false };
}

function withValue(name: string): Spelling {
  return { name, takesValue: true, ofNoun: false };
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
