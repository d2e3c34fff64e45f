import type { HttpServerConfig, ServerConfig } from '@toolwire/client-core';
import { CliError } from '../cli-error.ts';
import { readEntry, type ConfigLayer, type ConfiguredServer } from '../config-file.ts';
import { print, type Io } from '../io.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import type { Settings } from '../own-flags.ts';
import { findPlaces } from './places.ts';

/** What a server may be used with: its configuration, or the reason why not. */
export type Gate = (server: ConfiguredServer) => Promise<ServerConfig | Error>;

/**
 * Lets pass what the user wrote or named. What a file that was merely found in the working directory wants to start, or
 * to send of the environment, needs the user's consent, once for each of its forms.
 */
export function consentGate({ trust, noInput }: Pick<Settings, 'trust' | 'noInput'>, io: Io): Gate {
  const seen = new Set<string>();
  return async (server) => {
    const { config, layer } = server;
    if (config instanceof Error || layer.scope !== 'project') return config;
    if (!seen.has(layer.file)) await warnIfOpenToAll(layer, io);
    seen.add(layer.file);
    if (trust || !needsConsent(server) || hasConsent(server, io)) return config;
    const { askForConsent } = await import('./ask-for-consent.ts');
    const isAllowed = !noInput && (await askForConsent(server, io));
    return isAllowed ? config : refused(server);
  };
}

/**
 * True for a server of a found file that is a command, that is made of variables or files, or that says how connections
 * are protected: a login of the user's could end with somebody else.
 */
export function needsConsent({ config, entry, layer }: ConfiguredServer): boolean {
  if (layer.scope !== 'project' || config instanceof Error) return false;
  return 'command' in config || JSON.stringify(entry).includes('${') || changesProtection(config);
}

function changesProtection({ tls, allowInsecureHttp = false }: HttpServerConfig): boolean {
  return tls !== undefined || allowInsecureHttp;
}

/** True when the user has allowed `server` as it is now. */
export function hasConsent(server: ConfiguredServer, io: Io): boolean {
  const { existsSync } = process.getBuiltinModule('node:fs');
  const file = consentFile(server, io);
  return file !== undefined && existsSync(file);
}

/**
 * Where the consent to `server` is kept: a file whose name is the SHA-256 of all that its entry decides. The environment
 * is the user's own: a variable may get another value, but no entry may use another one.
 */
export function consentFile(server: ConfiguredServer, io: Io): string | undefined {
  const places = findPlaces(io);
  const { config, entry } = server;
  const decided = 'url' in config ? [entry, config.url, config.tls?.ca] : readEntry(server, references(io.env), io);
  if (places === undefined || decided === undefined || decided instanceof Error) return undefined;
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256').update(JSON.stringify(decided));
  return process.getBuiltinModule('node:path').join(places.state, 'mcp', 'trusted', `${hash.digest('hex')}.json`);
}

/** Each variable that is set, standing for itself; one that is empty is empty, so that defaults are taken as they will be. */
function references(env: Io['env']): Io['env'] {
  const set = Object.entries(env).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set.map(([name, value]) => [name, value === '' ? '' : `\${${name}}`]));
}

/** Everybody on this machine could write a command into it, which this user then starts. */
async function warnIfOpenToAll({ file, shown }: ConfigLayer, { stderr }: Io): Promise<void> {
  if (process.platform === 'win32') return;
  const { mode } = await process.getBuiltinModule('node:fs/promises').stat(file);
  if ((mode & 0o002) === 0) return;
  await print(stderr, `mcp: ${sanitizeLine(shown)} can be changed by everybody on this machine: chmod o-w it\n`);
}

function refused({ name, config, layer }: ConfiguredServer): CliError {
  return new CliError(
    'not-trusted',
    `${sanitizeLine(layer.shown)} wants ${wishOf(config)}, and you have not allowed it yet`,
    `Look at it:   mcp servers show ${name}\nAllow it:     mcp servers trust ${name}, or --trust for this run alone`,
  );
}

function wishOf(config: ServerConfig | Error): string {
  if ('command' in config) return 'to start a command';
  const isProtected = !('url' in config) || !changesProtection(config);
  return isProtected ? 'to send variables or files of yours' : 'to decide how a connection is protected';
}
