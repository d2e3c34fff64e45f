import { CliError } from '../cli-error.ts';
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
export interface WebhookLine {
  readonly verb: WebhookVerb;
  readonly operands: readonly string[];
  has(flag: WebhookFlag): boolean;
  /** The values of a flag, in order. */
  all(flag: WebhookFlag): readonly string[];
  /** The last value of a flag. */
  last(flag: WebhookFlag): string | undefined;
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
  const known = ['json', 'help', ...allowed];
  const operands: string[] = [];
  const given = new Map<string, string[]>();
  for (let index = 0; index < argv.length; index++) {
    const token = argv[index] === '-h' ? '--help' : (argv[index] ?? '');
    if (!token.startsWith('-') || token === '-') {
      operands.push(token);
      continue;
    }
    const [, written = token, inline] = /^(--[^=]+)=(.*)$/s.exec(token) ?? [];
    const flag = flagNamed(written, known);
    const value = kinds[flag] === 'switch' ? '' : (inline ?? argv[++index]);
    if (kinds[flag] === 'switch' && inline !== undefined) throw new CliError('usage', `${written} takes no value`);
    if (value === undefined || (value === '' && kinds[flag] === 'value'))
      throw new CliError('usage', `${written} needs a value`);
    given.set(flag, [...(given.get(flag) ?? []), value]);
  }
  const all = (flag: WebhookFlag): readonly string[] => given.get(flag) ?? [];
  // Only verbs are keys of the table.
  return { verb: verb as WebhookVerb, operands, all, has: (flag) => given.has(flag), last: (flag) => all(flag).at(-1) };
}

function flagNamed(written: string, known: readonly string[]): WebhookFlag {
  const name = written.slice(2);
  if (written.startsWith('--') && known.includes(name)) return name as WebhookFlag; // All that are known are.
  const spellings = known.map((each) => `--${each}`);
  throw new CliError('usage', `Unknown flag ${written}`, didYouMean(written, spellings) ?? 'See mcp webhook --help');
}

/** The whole number that a flag has, from 0; undefined when it was not given. */
export function wholeNumber(line: WebhookLine, flag: WebhookFlag, most: number): number | undefined {
  const text = line.last(flag);
  if (text === undefined) return undefined;
  if (/^\d{1,12}$/.test(text) && Number(text) <= most) return Number(text);
  throw new CliError('usage', `--${flag} wants a whole number up to ${most}, not "${text}"`);
}
