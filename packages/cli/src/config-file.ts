import { isMcpError, parseConfig, type McpError, type ServerConfig } from '@toolwire/client-core';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import { isObject } from './arguments/schema.ts';

/** The names that a configuration file is looked for by, in the working directory; the first one that exists counts. */
export const configFileNames = ['server_config.json', 'mcp.json', '.mcp.json'] as const;

/** The servers of one file by name; an entry that cannot be used stands with its error, so that it stops no other. */
export type ConfiguredServers = ReadonlyMap<string, ServerConfig | McpError>;

const example = `Add one as mcp.json, or name a file with --config:
  { "mcpServers": {
      "local": {
        "command": "my-server",
        "args": ["--stdio"]
      } } }
Or try the built-in demonstration: mcp tools list -s demo`;

/** The servers of `file`, or of the configuration file in the working directory. */
export async function readConfiguredServers(file: string | undefined, io: Io): Promise<ConfiguredServers> {
  const found = file ?? findConfigFile(io.cwd);
  if (found === undefined) throw new CliError('config-missing', 'No server is configured here', example);
  const location = process.getBuiltinModule('node:path').resolve(io.cwd, found);
  const text = await readConfigText(location, found);
  return new Map(parseServers(text, found, io).map(([name, server]) => [name, withFolder(server, location, io)]));
}

/** The configuration file in `cwd`, if there is one. */
export function findConfigFile(cwd: string): string | undefined {
  const { existsSync } = process.getBuiltinModule('node:fs');
  const path = process.getBuiltinModule('node:path');
  return configFileNames.find((name) => existsSync(path.join(cwd, name)));
}

async function readConfigText(location: string, shown: string): Promise<string> {
  const { readFile } = process.getBuiltinModule('node:fs/promises');
  try {
    return await readFile(location, 'utf8');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const reason = isMissing ? 'it does not exist' : error instanceof Error ? error.message : String(error);
    throw new CliError('config-missing', `Cannot read the configuration ${shown}: ${reason}`);
  }
}

function parseServers(text: string, file: string, io: Io): readonly (readonly [string, ServerConfig | McpError])[] {
  const options = { file, env: io.env };
  try {
    return Object.entries(parseConfig(text, options));
  } catch (error) {
    const entries = readEntries(text);
    if (entries === undefined || !isMcpError(error)) throw error;
    return entries.flatMap(([name, entry]) => parseEntry(name, entry, options));
  }
}

/** The raw entries of a file whose outer shape is right, so that each can be read by itself. */
function readEntries(text: string): readonly [string, unknown][] | undefined {
  try {
    const whole: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    const servers = isObject(whole) ? whole['mcpServers'] : undefined;
    return isObject(servers) ? Object.entries(servers) : undefined;
  } catch {
    return undefined;
  }
}

/** One entry by its name; none when it is disabled. */
function parseEntry(
  name: string,
  entry: unknown,
  options: Parameters<typeof parseConfig>[1],
): (readonly [string, ServerConfig | McpError])[] {
  try {
    const text = JSON.stringify({ mcpServers: Object.fromEntries([[name, entry]]) });
    return Object.entries(parseConfig(text, options));
  } catch (error) {
    if (isMcpError(error)) return [[name, error]];
    throw error;
  }
}

/** Servers start in the folder of their file when `cwd` is relative, and in the working directory when it is missing. */
function withFolder(server: ServerConfig | McpError, file: string, io: Io): ServerConfig | McpError {
  if (isMcpError(server) || !('command' in server)) return server;
  const path = process.getBuiltinModule('node:path');
  return { ...server, cwd: server.cwd === undefined ? io.cwd : path.resolve(path.dirname(file), server.cwd) };
}
