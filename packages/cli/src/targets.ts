import type { McpError, ServerConfig } from '@toolwire/client-core';
import { CliError } from './cli-error.ts';
import { findConfigFile, readConfiguredServers, type ConfiguredServers } from './config-file.ts';
import { demoServer } from './demo.ts';
import type { Io } from './io.ts';
import type { Settings } from './own-flags.ts';
import { suggest } from './suggest.ts';

/** A server that a command is to speak with; `config` is an error when its entry in the configuration is wrong. */
export interface ServerTarget {
  readonly name: string;
  readonly config: ServerConfig | McpError;
}

/** How a command line names servers. */
export interface TargetSource {
  readonly settings: Settings;
  /** Names given as operands, besides those of `-s`. */
  readonly names?: readonly string[];
  /** The words after `--`. */
  readonly command: readonly string[] | undefined;
}

/** The servers that a command line means: those it names, else every configured one. Never empty. */
export async function resolveTargets(
  { settings, names = [], command }: TargetSource,
  io: Io,
): Promise<readonly ServerTarget[]> {
  const named = [...settings.servers, ...names];
  const targets =
    command === undefined ? await resolveNamed(named, settings.config, io) : [commandTarget(command, named, io)];
  return Object.keys(settings.headers).length === 0 ? targets : [withHeaders(targets, settings)];
}

/** The names of the configured servers; none where there is no configuration. */
export async function configuredNames(file: string | undefined, io: Io): Promise<readonly string[]> {
  const configured = await readConfiguredServers(file, io).catch(() => new Map<string, never>());
  return [...configured.keys()];
}

function commandTarget(words: readonly string[], named: readonly string[], io: Io): ServerTarget {
  const [command, ...args] = words;
  if (command === undefined)
    throw new CliError('usage', 'A command is missing after --', 'mcp tools list -- my-server --stdio');
  if (named.length > 0) throw new CliError('usage', `Name one server: either ${named[0]} or the command after --`);
  return { name: baseName(command), config: { command, args, cwd: io.cwd } };
}

async function resolveNamed(
  names: readonly string[],
  file: string | undefined,
  io: Io,
): Promise<readonly ServerTarget[]> {
  if (names.length === 0) return everyServer(await readConfiguredServers(file, io), file ?? findConfigFile(io.cwd));
  const targets = await Promise.all([...new Set(names)].map((name) => resolveOne(name, file, io)));
  return targets.flat();
}

async function resolveOne(name: string, file: string | undefined, io: Io): Promise<readonly ServerTarget[]> {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) return [urlTarget(name)];
  const inFile = /^(.+\.json)(?:#(.+))?$/s.exec(name);
  if (inFile !== null) {
    const [, path = '', entry] = inFile;
    const servers = await readConfiguredServers(path, io);
    return entry === undefined ? everyServer(servers, path) : [pick(servers, entry)];
  }
  if (name !== 'demo') return [pick(await readConfiguredServers(file, io), name)];
  return [await demoTarget(file, io)];
}

/** A configured server called "demo" comes before ours; a configuration is not needed. */
async function demoTarget(file: string | undefined, io: Io): Promise<ServerTarget> {
  const configured = await readConfiguredServers(file, io).catch((error: unknown) => {
    if (file === undefined) return new Map<string, never>();
    throw error;
  });
  return configured.has('demo') ? pick(configured, 'demo') : { name: 'demo', config: { ...demoServer(), cwd: io.cwd } };
}

function urlTarget(address: string): ServerTarget {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) throw new CliError('usage', `${address} is not a valid URL`);
  if (!/^(https?|wss?):$/.test(url.protocol)) {
    throw new CliError(
      'usage',
      `${url.protocol}// is not supported here`,
      'Use an http://, https://, ws:// or wss:// URL',
    );
  }
  // Credentials and query strings are secrets as often as not: they stay out of every message.
  return { name: url.origin + url.pathname, config: { url } };
}

function pick(servers: ConfiguredServers, name: string): ServerTarget {
  const config = servers.get(name);
  if (config !== undefined) return { name, config };
  const close = suggest(name, servers.keys());
  const known = servers.size === 0 ? 'none' : [...servers.keys()].join(', ');
  const hint = `${close === undefined ? '' : `Did you mean "${close}"? `}Configured: ${known}`;
  throw new CliError('unknown-server', `No server is called "${name}"`, hint);
}

function everyServer(servers: ConfiguredServers, file: string | undefined): readonly ServerTarget[] {
  if (servers.size > 0) return [...servers].map(([name, config]) => ({ name, config }));
  throw new CliError('config-missing', `${file ?? 'The configuration'} names no server`, 'Add one under "mcpServers"');
}

function withHeaders(targets: readonly ServerTarget[], { headers }: Settings): ServerTarget {
  const [target] = targets;
  // A header is a credential as a rule: it goes to the one server it was written for.
  if (target === undefined || targets.length > 1)
    throw new CliError('usage', '--header needs one server: name it with -s');
  const { name, config } = target;
  if (config instanceof Error) return target;
  if (!('url' in config)) throw new CliError('usage', `--header is for URLs; ${name} is started as a command`);
  return { name, config: { ...config, headers: { ...config.headers, ...headers } } };
}

function baseName(command: string): string {
  return process.getBuiltinModule('node:path').basename(command);
}
