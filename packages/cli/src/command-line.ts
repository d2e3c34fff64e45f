import { CliError } from './cli-error.ts';
import { hasOwnArguments, wordCount } from './grammar.ts';
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
  const count = wordCount(positional[0] ?? '');
  return {
    words: positional.slice(0, count),
    operands: positional.slice(count),
    flags,
    toolTokens: tokens.slice(index),
    command: end === -1 ? undefined : argv.slice(end + 1),
  };
}

function hasToolName(positional: readonly string[]): boolean {
  return positional.length === wordCount(positional[0] ?? '') + 1 && hasOwnArguments(positional);
}

function unknownFlag(token: string, positional: readonly string[]): CliError {
  const [written] = splitFlag(token);
  const command = positional.slice(0, 2).join(' ');
  const forCall = hasOwnArguments(positional)
    ? `Arguments come after the name: mcp ${command} NAME --key value`
    : undefined;
  return new CliError(
    'usage',
    `Unknown flag ${written}`,
    didYouMean(written, flagSpellingsAfter(positional[0])) ?? forCall ?? 'See mcp --help',
  );
}
