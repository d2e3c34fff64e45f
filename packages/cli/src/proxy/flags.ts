import { readOwnLine, type OwnLine } from '../own-line.ts';

/** The flags of `mcp proxy`. */
const kinds = {
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
} as const;

const letters = { s: 'server', v: 'verbose', h: 'help' } as const;

export type ProxyFlag = keyof typeof kinds;

/** The command line of `mcp proxy`: its operands are a URL, or names of configured servers. */
export type ProxyLine = OwnLine<ProxyFlag>;

/** Takes apart what follows `mcp proxy`; throws a usage error for what is not ours. */
export function parseProxyLine(argv: readonly string[]): ProxyLine {
  return readOwnLine<ProxyFlag>(argv, 'mcp proxy', kinds, letters);
}
