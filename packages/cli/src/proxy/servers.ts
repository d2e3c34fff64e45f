import { checkEncrypted, type StdioServerConfig } from '@toolwire/client-core';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { oneOf } from '../noun-flags.ts';
import { readSettings } from '../own-flags.ts';
import { routeTo, type Route } from '../route-to.ts';
import { resolveTargets, withNetwork, type ServerTarget } from '../targets.ts';
import type { ProxyLine } from './flags.ts';
import { readHeaders } from './headers.ts';

/** A server behind the proxy, and what must not be read in any log of it. */
export interface ProxiedServer {
  readonly name: string;
  readonly route: Route;
  readonly secrets: readonly string[];
}

const transports = ['auto', 'http', 'sse'] as const;

/** The servers that a command line means: a URL, a command after `--`, or configured ones. */
export async function readServers(line: ProxyLine, io: Io): Promise<readonly ProxiedServer[]> {
  const headers = readHeaders(
    { headers: line.all('header'), file: await headerFile(line, io), bearerVariable: line.last('bearer-env') },
    io.env,
  );
  const network = { ca: line.last('ca'), insecureHttp: line.has('insecure-http') };
  const targets = await withNetwork(await namedTargets(line, headers, io), network, io);
  const transport = oneOf(transports, '--transport', line.last('transport'));
  const proxied = targets.map(async ({ name, config }): Promise<ProxiedServer> => {
    if (config instanceof Error) throw config;
    if (!('url' in config)) {
      const command = { ...config, inheritEnv: [...(config.inheritEnv ?? []), ...line.all('pass-env')] };
      return { name, route: { target: command, options: {} }, secrets: secretsOf(command, io) };
    }
    const { url, headers = {}, allowInsecureHttp } = config;
    if (allowInsecureHttp !== true) checkEncrypted(new URL(url), headers); // Now, and not when a host connects.
    const chosen = transport === undefined ? config : { ...config, transport };
    const route = await routeTo(chosen, io, line.has('verbose'));
    const { bearer } = route.options;
    return { name, route, secrets: [...Object.values(headers), ...(typeof bearer === 'string' ? [bearer] : [])] };
  });
  return Promise.all(proxied);
}

function secretsOf({ env = {}, inheritEnv = [] }: StdioServerConfig, io: Io): readonly string[] {
  return [...Object.values(env), ...inheritEnv.map((variable) => io.env[variable] ?? '')];
}

async function namedTargets(
  line: ProxyLine,
  headers: Readonly<Record<string, string>>,
  io: Io,
): Promise<readonly ServerTarget[]> {
  const names = [...line.all('server'), ...line.operands];
  const [first] = names;
  if (first !== undefined && isAddress(first)) {
    if (names.length > 1 || line.command !== undefined) throw new CliError('usage', 'A URL is the only server');
    const url = readUrl(first);
    return [{ name: url.origin + url.pathname, config: { url, headers } }];
  }
  if (first === undefined && line.command === undefined && line.last('config') === undefined)
    throw new CliError(
      'usage',
      'Which server? Give a URL, -- COMMAND, or names of --config FILE',
      'See mcp proxy --help',
    );
  const settings = { ...readSettings([]), config: line.last('config'), headers };
  return resolveTargets({ settings, names, command: line.command }, io);
}

async function headerFile(line: ProxyLine, { cwd }: Io): Promise<string | undefined> {
  const file = line.last('header-file');
  if (file === undefined) return undefined;
  const path = process.getBuiltinModule('node:path');
  const { readFile } = process.getBuiltinModule('node:fs/promises');
  return readFile(path.resolve(cwd, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliError('usage', `Cannot read --header-file ${file}: ${error.code ?? error.message}`);
  });
}

function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^(https?|wss?):$/.test(url.protocol)) return url;
  throw new CliError('usage', 'The address of a server begins with http:, https:, ws: or wss:');
}
