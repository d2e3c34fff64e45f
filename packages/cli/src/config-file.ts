import { configFileReader, isMcpError, parseConfig, parseConfigText, type ServerConfig } from '@toolwire/client-core';
import { isObject } from './arguments/schema.ts';
import { CliError } from './cli-error.ts';
import { findPlaces, homeOf, shownPath } from './config/places.ts';
import type { Io } from './io.ts';

/** The names that a configuration file is looked for by, in the working directory; the first one that exists counts. */
export const configFileNames = ['server_config.json', 'mcp.json', '.mcp.json'] as const;

/** A file that names servers. */
export interface ConfigLayer {
  /** Whose it is: named on the command line, of the folder that the command runs in, or of the person who runs it. */
  readonly scope: 'named' | 'project' | 'user';
  readonly file: string;
  /** The file as people read it. */
  readonly shown: string;
  /** The program that it belongs to, if that is another one. */
  readonly program?: string;
  /** Where the servers stand in it. */
  readonly path: readonly string[];
  /** What relative paths in it start from. */
  readonly folder: string;
  /** Further variables that may stand in it. */
  readonly variables?: Io['env'];
}

/** One entry of a file. */
export interface ConfiguredServer {
  readonly name: string;
  readonly layer: ConfigLayer;
  /** As it is written, in our form. */
  readonly entry: unknown;
  /** What it means; an error where it cannot be used, so that it stops no other. */
  readonly config: ServerConfig | Error;
}

/** Servers by their names. */
export type ConfiguredServers = ReadonlyMap<string, ConfiguredServer>;

/** A file, with its servers or with what is wrong with it. */
export interface ReadLayer {
  readonly layer: ConfigLayer;
  readonly servers: ConfiguredServers;
  readonly problem?: Error;
}

const ours = { path: ['mcpServers'] } as const;

/** Our configuration files that exist: the one that is named, or that of the working directory and that of the user. */
export function ownLayers(file: string | undefined, io: Io): readonly ConfigLayer[] {
  if (file !== undefined) return [namedLayer(file, io)];
  const { existsSync } = process.getBuiltinModule('node:fs');
  return [projectLayer(io), userLayer(io)].flatMap((layer) =>
    layer !== undefined && existsSync(layer.file) ? [layer] : [],
  );
}

/** A file that was named on the command line. */
export function namedLayer(file: string, { cwd }: Io): ConfigLayer {
  const path = process.getBuiltinModule('node:path');
  const location = path.resolve(cwd, file);
  return { ...ours, scope: 'named', file: location, shown: file, folder: path.dirname(location) };
}

/** The file of the working directory: the first that exists, else the one that would be made. */
export function projectLayer({ cwd }: Io): ConfigLayer {
  const { existsSync } = process.getBuiltinModule('node:fs');
  const path = process.getBuiltinModule('node:path');
  const name = configFileNames.find((each) => existsSync(path.join(cwd, each))) ?? 'mcp.json';
  return { ...ours, scope: 'project', file: path.join(cwd, name), shown: name, folder: cwd };
}

/** The file of the user, whether it exists or not; none without a home folder. */
export function userLayer(io: Io): ConfigLayer | undefined {
  const path = process.getBuiltinModule('node:path');
  const places = findPlaces(io);
  if (places === undefined) return undefined;
  const file = path.join(places.config, 'mcp', 'mcp.json');
  return { ...ours, scope: 'user', file, shown: shownPath(file, io), folder: path.dirname(file) };
}

/** The servers of our files; one of the working directory comes before one of the user that has the same name. */
export async function readOwnServers(file: string | undefined, io: Io): Promise<ConfiguredServers> {
  return firstOfEach(await Promise.all(ownLayers(file, io).map((layer) => readLayer(layer, io))));
}

/** The servers of several files, each name as the first file has it that does. */
export function firstOfEach(layers: readonly ConfiguredServers[]): ConfiguredServers {
  const servers = new Map<string, ConfiguredServer>();
  for (const [name, server] of layers.flatMap((layer) => [...layer])) {
    if (!servers.has(name)) servers.set(name, server);
  }
  return servers;
}

/** The servers of one of our files. */
export async function readLayer(layer: ConfigLayer, io: Io): Promise<ConfiguredServers> {
  const text = await readConfigText(layer);
  const config = parseConfigText(text, layer.shown);
  const { mcpServers: entries, gateways } = isObject(config) ? config : {};
  if (isObject(entries)) return readEntries(entries, layer, io);
  if (entries === undefined && isObject(gateways)) return new Map();
  parseConfig(text, { file: layer.shown }); // Says what is wrong.
  return new Map();
}

/** Entries in our form by their names, without those that are disabled. */
export function readEntries(entries: Readonly<Record<string, unknown>>, layer: ConfigLayer, io: Io): ConfiguredServers {
  const servers = Object.entries(entries).flatMap(([name, entry]): (readonly [string, ConfiguredServer])[] => {
    const config = readEntry({ name, entry, layer }, io.env, io);
    return config === undefined ? [] : [[name, { name, layer, entry, config }]];
  });
  return new Map(servers);
}

/** What an entry means where the variables are those of `env`; nothing when it is disabled. */
export function readEntry(
  { name, entry, layer }: Omit<ConfiguredServer, 'config'>,
  env: Io['env'],
  io: Io,
): ServerConfig | Error | undefined {
  const { shown: file, path, folder, variables } = layer;
  const options = {
    file,
    path,
    env: { ...env, ...variables },
    home: homeOf(io.env),
    readFile: configFileReader(folder),
  };
  // Any name is a name, `__proto__` too.
  const alone = path.reduceRight<object>((value, step) => ({ [step]: value }), Object.fromEntries([[name, entry]]));
  try {
    const [config] = Object.values(parseConfig(alone, options));
    return config === undefined ? undefined : withFolder(config, layer, io);
  } catch (error) {
    if (isMcpError(error)) return error;
    throw error;
  }
}

/** The text of a configuration file. */
export async function readConfigText({ file, shown }: ConfigLayer): Promise<string> {
  const { readFile } = process.getBuiltinModule('node:fs/promises');
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const reason = isMissing ? 'it does not exist' : error instanceof Error ? error.message : String(error);
    throw new CliError('config-missing', `Cannot read the configuration ${shown}: ${reason}`);
  }
}

/** Servers start in the folder of their file when `cwd` is relative, and in the working directory when it is missing. */
function withFolder(server: ServerConfig, { folder }: ConfigLayer, { cwd }: Io): ServerConfig {
  if (!('command' in server)) return server;
  const path = process.getBuiltinModule('node:path');
  return { ...server, cwd: server.cwd === undefined ? cwd : path.resolve(folder, server.cwd) };
}
