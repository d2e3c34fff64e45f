import { CliError } from './cli-error.ts';
import { splitFlag } from './own-flags.ts';
import { didYouMean } from './suggest.ts';

/** Flags, and whether they take a value; those that do may be given again. */
export type FlagKinds<Flag extends string> = Readonly<Record<Flag, 'value' | 'switch'>>;

/** The command line of a command that reads it itself, taken apart. */
export interface OwnLine<Flag extends string> {
  readonly operands: readonly string[];
  /** What follows `--`: the command that starts a server. */
  readonly command: readonly string[] | undefined;
  has(flag: Flag): boolean;
  /** The values of a flag, in order. */
  all(flag: Flag): readonly string[];
  /** The last value of a flag. */
  last(flag: Flag): string | undefined;
}

/** Takes apart what follows `name`, a command such as `mcp proxy`; throws a usage error for a flag that is none of its own. */
export function readOwnLine<Flag extends string>(
  argv: readonly string[],
  name: string,
  kinds: FlagKinds<Flag>,
  letters: Readonly<Record<string, Flag>>,
): OwnLine<Flag> {
  const end = argv.indexOf('--');
  const tokens = end === -1 ? argv : argv.slice(0, end);
  const operands: string[] = [];
  const given = new Map<Flag, string[]>();
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? '';
    if (!token.startsWith('-') || token === '-') {
      operands.push(token);
      continue;
    }
    const [written, inline] = splitFlag(token);
    const flag = flagOf(written, name, kinds, letters);
    const takesValue = kinds[flag] === 'value';
    const value = takesValue ? (inline ?? tokens[++index]) : '';
    if (takesValue && (value === undefined || value === '')) throw new CliError('usage', `${written} needs a value`);
    if (!takesValue && inline !== undefined) throw new CliError('usage', `${written} takes no value`);
    given.set(flag, [...(given.get(flag) ?? []), value ?? '']);
  }
  const all = (flag: Flag): readonly string[] => given.get(flag) ?? [];
  return {
    operands,
    command: end === -1 ? undefined : argv.slice(end + 1),
    has: (flag) => given.has(flag),
    all,
    last: (flag) => all(flag).at(-1),
  };
}

function flagOf<Flag extends string>(
  written: string,
  name: string,
  kinds: FlagKinds<Flag>,
  letters: Readonly<Record<string, Flag>>,
): Flag {
  const spellings = new Map<string, Flag>([
    ...Object.entries(letters).map(([letter, flag]) => [`-${letter}`, flag] as const),
    ...(Object.keys(kinds) as Flag[]).map((flag) => [`--${flag}`, flag] as const), // The table has no other keys.
  ]);
  const flag = spellings.get(written);
  if (flag !== undefined) return flag;
  throw new CliError('usage', `Unknown flag ${written}`, didYouMean(written, spellings.keys()) ?? `See ${name} --help`);
}
