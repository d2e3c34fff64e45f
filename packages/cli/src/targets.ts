import type { ServerConfig } from '@toolwire/client-core';
import { CliError } from './cli-error.ts';
import { readOwnServers, type ConfiguredServer } from './config-file.ts';
import { consentGate, type Gate } from './config/consent.ts';
import { findEveryServer, findServer } from './config/find-servers.ts';
import { credentialHeaders } from './credential-headers.ts';
import { demoServer } from './demo.ts';
import type { Io } from './io.ts';
import type { Settings } from './own-flags.ts';

/** A server that a command is to speak with; `config` is an error when its entry in the configuration is wrong. */
export interface ServerTarget {
  readonly name: string;
  readonly config: ServerConfig | Error;
}

/** A server behind a gateway of a file; the gateway needs the consent that a server would. */
export interface BehindGateway extends ServerTarget {
  through(gate: Gate): Promise<ServerConfig | Error>;
}

/** How a command line names servers. */
export interface TargetSource {
  readonly settings: Settings;
  /** Names given as operands, besides those of `-s`. */
  readonly names?: readonly string[];
  /** The words after `--`. */
  readonly command: readonly string[] | undefined;
  /** True when nothing is started or connected to, so that nobody's consent is needed. */
  readonly isOnlyShown?: boolean;
}

/** The servers that a command line means: those it names, else every configured one. Never empty. */
export async function resolveTargets(
  { settings, names = [], command, isOnlyShown = false }: TargetSource,
  io: Io,
): Promise<readonly ServerTarget[]> {
  const named = [...settings.servers, ...names];
  const meant =
    command === undefined ? await findMeant(named, settings.config, io) : [commandTarget(command, named, io)];
  const gate = isOnlyShown ? noGate : consentGate(settings, io);
  const targets: ServerTarget[] = [];
  // One after the other: each may ask something.
  for (const one of meant) {
    const config = 'layer' in one ? gate(one) : 'through' in one ? one.through(gate) : one.config;
    targets.push({ name: one.name, config: await config });
  }
  const headers = credentialHeaders(settings, io);
  const addressed = Object.keys(headers).length === 0 ? targets : [withHeaders(targets, headers)];
  return withNetwork(addressed, settings, io);
}

const noGate: Gate = ({ config }) => Promise.resolve(config);

/** The targets, reached as `--ca` and `--insecure-http` say. */
export async function withNetwork(
  targets: readonly ServerTarget[],
  { ca: file, insecureHttp }: Pick<Settings, 'ca' | 'insecureHttp'>,
  { cwd }: Io,
): Promise<readonly ServerTarget[]> {
  if (file === undefined && !insecureHttp) return targets;
  const ca = file === undefined ? undefined : await readAuthority(file, cwd);
  return targets.map(({ name, config }) => {
    if (config instanceof Error || !('url' in config)) return { name, config };
    const { tls = {}, allowInsecureHttp = false } = config;
    return {
      name,
      config: { ...config, tls: { ...tls, ca: ca ?? tls.ca }, allowInsecureHttp: allowInsecureHttp || insecureHttp },
    };
  });
}

function readAuthority(file: string, cwd: string): Promise<string> {
  const path = process.getBuiltinModule('node:path');
  const { readFile } = process.getBuiltinModule('node:fs/promises');
  return readFile(path.resolve(cwd, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliError('usage', `Cannot read --ca ${file}: ${error.code ?? error.message}`);
  });
}

/** The names of the configured servers; none where there is no configuration. */
export async function configuredNames(file: string | undefined, io: Io): Promise<readonly string[]> {
  const configured = await readOwnServers(file, io).catch(() => new Map<string, never>());
  return [...configured.keys()];
}

function commandTarget(words: readonly string[], named: readonly string[], io: Io): ServerTarget {
  const [command, ...args] = words;
  if (command === undefined)
    throw new CliError('usage', 'A command is missing after --', 'mcp tools list -- my-server --stdio');
  if (named.length > 0) throw new CliError('usage', `Name one server: either ${named[0]} or the command after --`);
  return { name: baseName(command), config: { command, args, cwd: io.cwd } };
}

/** The servers of configuration files that names mean, or every one of ours; nothing is asked about them. */
export async function findConfigured(
  names: readonly string[],
  file: string | undefined,
  io: Io,
): Promise<readonly ConfiguredServer[]> {
  return (await findMeant(names, file, io)).map((one) => {
    if ('layer' in one) return one;
    throw new CliError('usage', `${one.name} is in no configuration: name a server that is`);
  });
}

/** A server of a file, or one that the command line itself describes. */
type Meant = ConfiguredServer | BehindGateway | ServerTarget;

async function findMeant(names: readonly string[], file: string | undefined, io: Io): Promise<readonly Meant[]> {
  if (names.length === 0) return findEveryServer(file, io);
  const meant = await Promise.all([...new Set(names)].map((name) => findOne(name, file, io)));
  return meant.flat();
}

async function findOne(name: string, file: string | undefined, io: Io): Promise<readonly Meant[]> {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) return [urlTarget(name)];
  if (name.startsWith('gateway:'))
    return [await (await import('./gateway/gateway-target.ts')).gatewayTarget(name, file, io)];
  const inFile = /^(.+\.json)(?:#(.+))?$/s.exec(name);
  if (inFile !== null) {
    const [, path = '', entry] = inFile;
    return entry === undefined ? findEveryServer(path, io) : [await findServer(entry, path, io)];
  }
  if (name === 'demo' && !(await configuredNames(file, io)).includes('demo'))
    return [{ name, config: { ...demoServer(), cwd: io.cwd } }]; // Ours needs no configuration.
  return [await findServer(name, file, io)];
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

function withHeaders(targets: readonly ServerTarget[], headers: Settings['headers']): ServerTarget {
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
