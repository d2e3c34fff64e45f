import { checkEncrypted } from '@toolwire/client-core';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { oneOf } from '../noun-flags.ts';
import { readSettings } from '../own-flags.ts';
import { routeTo, type Route } from '../route-to.ts';
import { resolveTargets, type ServerTarget } from '../targets.ts';
import type { ProxyLine } from './flags.ts';
import { readHeaders } from './headers.ts';
import { secretsOf } from './redaction.ts';

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
  const targets = await namedTargets(line, headers, io);
  const transport = oneOf(transports, '--transport', line.last('transport'));
  const proxied = targets.map(async ({ name, config: configured }): Promise<ProxiedServer> => {
    if (configured instanceof Error) throw configured;
    const config =
      'url' in configured
        ? { ...configured, transport: transport ?? configured.transport ?? 'auto' }
        : { ...configured, inheritEnv: [...(configured.inheritEnv ?? []), ...line.all('pass-env')] };
    // Told now, and not when a host connects.
    if ('url' in config && config.allowInsecureHttp !== true) checkEncrypted(new URL(config.url), config.headers ?? {});
    const route = await routeTo(config, io, line.has('verbose'));
    return { name, route, secrets: secretsOf(config, route, io) };
  });
  return Promise.all(proxied);
}

async function namedTargets(
  line: ProxyLine,
  headers: Readonly<Record<string, string>>,
  io: Io,
): Promise<readonly ServerTarget[]> {
  const names = [...line.all('server'), ...line.operands];
  if (names.length === 0 && line.command === undefined && line.last('config') === undefined)
    throw new CliError(
      'usage',
      'Which server? Give a URL, -- COMMAND, or names of --config FILE',
      'See mcp proxy --help',
    );
  const network = { ca: line.last('ca'), insecureHttp: line.has('insecure-http') };
  const settings = { ...readSettings([]), config: line.last('config'), headers, ...network };
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
