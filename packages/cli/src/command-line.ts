import { CliError } from './cli-error.ts';
import { flagSpellings, readOwnFlag, splitFlag, type OwnFlag } from './own-flags.ts';
import { didYouMean } from './suggest.ts';

/** `argv`, taken apart as far as that goes without a tool's schema. */
export interface CommandLine {
  /** The noun and the verb, as far as they were given. */
  readonly words: readonly string[];
  /** What follows the verb: names of servers, or the tool's name. */
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
    const own = readOwnFlag(tokens, index);
    const token = tokens[index] ?? '';
    if (own !== undefined) flags.push(own.flag);
    else if (token.startsWith('-') && token !== '-') throw unknownFlag(token, positional);
    else positional.push(token);
    index += own?.width ?? 1;
  }
  return {
    words: positional.slice(0, 2),
    operands: positional.slice(2),
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
    didYouMean(written, flagSpellings) ?? forCall ?? 'See mcp --help',
  );
}
