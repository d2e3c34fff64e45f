import { CliError } from '../cli-error.ts';
import { readOwnLine, type OwnLine } from '../own-line.ts';
import { didYouMean } from '../suggest.ts';

/** The flags of `mcp webhook`, and whether they take a value; those that do may be given again. */
const kinds = {
  'allow-private': 'switch',
  at: 'value',
  forward: 'value',
  header: 'value',
  help: 'switch',
  host: 'value',
  id: 'value',
  json: 'switch',
  port: 'value',
  'raw-secret': 'switch',
  scheme: 'value',
  'secret-env': 'value',
  timeout: 'value',
} as const;

export type WebhookFlag = keyof typeof kinds;

export type WebhookVerb = 'listen' | 'secret' | 'send' | 'sign' | 'verify';

/** The flags of each verb, besides `--json` and `--help`; a table of verbs for those who look one up. */
const flagsOf: ReadonlyMap<string, readonly WebhookFlag[]> = new Map<WebhookVerb, readonly WebhookFlag[]>([
  ['listen', ['port', 'host', 'secret-env', 'raw-secret', 'scheme', 'forward']],
  ['secret', []],
  ['send', ['secret-env', 'raw-secret', 'header', 'id', 'timeout', 'allow-private']],
  ['sign', ['secret-env', 'raw-secret', 'id', 'at']],
  ['verify', ['secret-env', 'raw-secret', 'scheme', 'header', 'at']],
]);

/** The command line of `mcp webhook`, taken apart. */
export interface WebhookLine extends Omit<OwnLine<WebhookFlag>, 'command'> {
  readonly verb: WebhookVerb;
}

/** Takes apart what follows `mcp webhook`; throws a usage error for what is not ours. */
export function parseWebhookLine([verb = '', ...argv]: readonly string[]): WebhookLine {
  const allowed = flagsOf.get(verb);
  if (allowed === undefined)
    throw new CliError(
      'usage',
      `Unknown command "${verb}"`,
      didYouMean(verb, flagsOf.keys()) ?? 'See mcp webhook --help',
    );
  const known = (['json', 'help', ...allowed] as const).map((flag) => [flag, kinds[flag]] as const);
  const { command, ...line } = readOwnLine<WebhookFlag>(
    argv,
    'mcp webhook',
    Object.fromEntries(known) as typeof kinds, // The flags of other verbs are unknown here.
    { h: 'help' },
  );
  if (command !== undefined) throw new CliError('usage', 'Unknown flag --', 'See mcp webhook --help');
  return { verb: verb as WebhookVerb, ...line }; // Only verbs are keys of the table.
}

/** The whole number that a flag has, from 0; undefined when it was not given. */
export function wholeNumber(line: WebhookLine, flag: WebhookFlag, most: number): number | undefined {
  const text = line.last(flag);
  if (text === undefined) return undefined;
  if (/^\d{1,12}$/.test(text) && Number(text) <= most) return Number(text);
  throw new CliError('usage', `--${flag} wants a whole number up to ${most}, not "${text}"`);
}
