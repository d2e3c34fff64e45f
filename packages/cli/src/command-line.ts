import { CliError } from './cli-error.ts';
import { flagSpellingsAfter, readOwnFlag, splitFlag, type OwnFlag } from './own-flags.ts';
import { didYouMean } from './suggest.ts';

/** `argv`, taken apart as far as that goes without a tool's schema. */
export interface CommandLine {
  /** The noun and the verb, as far as they were given. */
  readonly words: readonly string[];
  /** What follows the verb: names of servers, the tool's name, or what is said to a model. */
  readonly operands: readonly string[];
  /** Our flags, up to the name of a called tool. */
  readonly flags: readonly OwnFlag[];
  /** Everything after the name of a called tool, up to `--`. */
  readonly toolTokens: readonly string[];
  /** Everything after `--`: the command that starts a server. */
  readonly command: readonly string[] | undefined;
}

/** Nouns that say all: what follows them is theirs. */
export const verblessNouns: ReadonlySet<string> = new Set(['chat']);

/** Takes `argv` apart; throws a usage error for a flag that is not ours. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const end = argv.indexOf('--');
  const tokens = end === -1 ? argv : argv.slice(0, end);
  const positional: string[] = [];
  const flags: OwnFlag[] = [];
  let index = 0;
  while (index < tokens.length && !hasToolName(positional)) {
    const own = readOwnFlag(tokens, index, positional[0]);
    const token = tokens[index] ?? '';
    if (own !== undefined) flags.push(own.flag);
    else if (token.startsWith('-') && token !== '-') throw unknownFlag(token, positional);
    else positional.push(token);
    index += own?.width ?? 1;
  }
  const wordCount = verblessNouns.has(positional[0] ?? '') ? 1 : 2;
  return {
    words: positional.slice(0, wordCount),
    operands: positional.slice(wordCount),
    flags,
    toolTokens: tokens.slice(index),
    command: end === -1 ? undefined : argv.slice(end + 1),
  };
}

function hasToolName(positional: readonly string[]): boolean {
  return positional.length === 3 && positional[0] === 'tools' && positional[1] === 'call';
}

function unknownFlag(token: string, positional: readonly string[]): CliError {
  const [written] = splitFlag(token);
  const isCall = positional[0] === 'tools' && positional[1] === 'call';
  const forCall = isCall ? "A tool's arguments come after its name: mcp tools call NAME --key value" : undefined;
  return new CliError(
    'usage',
    `Unknown flag ${written}`,
    didYouMean(written, flagSpellingsAfter(positional[0])) ?? forCall ?? 'See mcp --help',
  );
}
