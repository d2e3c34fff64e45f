import { CliError } from '../cli-error.ts';
import { didYouMean } from '../suggest.ts';

/** The flags of `mcp proxy`; those that take a value may be given again. */
export type ProxyFlag =
  | 'allow-host'
  | 'allow-origin'
  | 'bearer-env'
  | 'ca'
  | 'config'
  | 'header'
  | 'header-file'
  | 'help'
  | 'host'
  | 'ignore-tool'
  | 'insecure-http'
  | 'listen'
  | 'no-token'
  | 'pass-env'
  | 'server'
  | 'timeout'
  | 'token'
  | 'tools'
  | 'transport'
  | 'verbose';

const kinds: Readonly<Record<ProxyFlag, 'value' | 'switch'>> = {
  'allow-host': 'value',
  'allow-origin': 'value',
  'bearer-env': 'value',
  ca: 'value',
  config: 'value',
  header: 'value',
  'header-file': 'value',
  help: 'switch',
  host: 'value',
  'ignore-tool': 'value',
  'insecure-http': 'switch',
  listen: 'value',
  'no-token': 'switch',
  'pass-env': 'value',
  server: 'value',
  timeout: 'value',
  token: 'value',
  tools: 'value',
  transport: 'value',
  verbose: 'switch',
};

const shortForms: ReadonlyMap<string, ProxyFlag> = new Map([
  ['-s', 'server'],
  ['-v', 'verbose'],
  ['-h', 'help'],
]);

/** The command line of `mcp proxy`, taken apart. */
export interface ProxyLine {
  /** A URL, or names of configured servers. */
  readonly operands: readonly string[];
  /** What follows `--`: the command that starts the server. */
  readonly command: readonly string[] | undefined;
  has(flag: ProxyFlag): boolean;
  /** The values of a flag, in order. */
  all(flag: ProxyFlag): readonly string[];
  /** The last value of a flag. */
  last(flag: ProxyFlag): string | undefined;
}

/** Takes apart what follows `mcp proxy`; throws a usage error for what is not ours. */
export function parseProxyLine(argv: readonly string[]): ProxyLine {
  const end = argv.indexOf('--');
  const tokens = end === -1 ? argv : argv.slice(0, end);
  const operands: string[] = [];
  const given = new Map<ProxyFlag, string[]>();
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? '';
    if (!token.startsWith('-') || token === '-') {
      operands.push(token);
      continue;
    }
    const [, written = token, inline] = /^(--[^=]+)=(.*)$/s.exec(token) ?? [];
    const flag = flagOf(written);
    const value = kinds[flag] === 'switch' ? '' : (inline ?? tokens[++index]);
    if (value === undefined || (value === '' && kinds[flag] === 'value'))
      throw new CliError('usage', `${written} needs a value`);
    if (kinds[flag] === 'switch' && inline !== undefined) throw new CliError('usage', `${written} takes no value`);
    given.set(flag, [...(given.get(flag) ?? []), value]);
  }
  const all = (flag: ProxyFlag): readonly string[] => given.get(flag) ?? [];
  return {
    operands,
    command: end === -1 ? undefined : argv.slice(end + 1),
    has: (flag) => given.has(flag),
    all,
    last: (flag) => all(flag).at(-1),
  };
}

function flagOf(written: string): ProxyFlag {
  const short = shortForms.get(written);
  if (short !== undefined) return short;
  const name = written.replace(/^--/, '');
  if (written.startsWith('--') && Object.hasOwn(kinds, name)) return name as ProxyFlag; // As just checked.
  const known = [...Object.keys(kinds).map((kind) => `--${kind}`), ...shortForms.keys()];
  throw new CliError('usage', `Unknown flag ${written}`, didYouMean(written, known) ?? 'See mcp proxy --help');
}
