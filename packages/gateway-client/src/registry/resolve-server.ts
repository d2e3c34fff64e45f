import { McpError, type HttpServerConfig, type ServerConfig, type StdioServerConfig } from '@toolwire/client-core';
import { commandOf } from './command-of.ts';
import { fill, fillTemplate, type Ask } from './fill.ts';
import type { RegistryRemote, RegistryServer } from './registry-server.ts';

/** How a server of a registry becomes an entry of a configuration. */
export interface ResolveOptions {
  /** Gives a value, a secret too; undefined leaves the default. For a configuration file it may give `${NAME}`. */
  ask?: Ask;
  /** Whether the command may be used: it is shown as it will run, with its secrets as `…`. Default: it may not. */
  consent?: (command: StdioServerConfig) => boolean | Promise<boolean>;
  /** Which to take where there are both. Default `remote`: what runs elsewhere. */
  prefer?: 'remote' | 'package';
}

/** Makes a configuration entry of what a registry says of a server. A command is given out with consent only. */
export async function resolveServer(server: RegistryServer, options: ResolveOptions = {}): Promise<ServerConfig> {
  const { ask = () => undefined, consent = () => false, prefer = 'remote' } = options;
  const [remote] = server.remotes;
  const command = server.packages.find(({ transport }) => transport === 'stdio');
  if (remote !== undefined && (prefer === 'remote' || command === undefined)) return resolveRemote(remote, ask);
  if (command === undefined) throw refused(`${server.name} can be neither reached nor started over stdio`);
  const { config, shown } = await commandOf(command, ask);
  if (await consent(shown)) return config;
  throw refused(`${server.name} is the command ${shown.command} ${shown.args?.join(' ')}; it runs with consent only`);
}

async function resolveRemote({ type, url, headers, variables }: RegistryRemote, ask: Ask): Promise<HttpServerConfig> {
  const filled: Record<string, string> = {};
  for (const header of headers) {
    const value = await fill(header, ask);
    if (value !== undefined) filled[header.name] = value;
  }
  const address = await fillTemplate(url, variables, ask);
  if (!URL.canParse(address)) throw refused(`${JSON.stringify(url)} is no URL when its variables are filled in`);
  return { url: address, transport: type === 'sse' ? 'sse' : 'http', ...(headers.length > 0 && { headers: filled }) };
}

function refused(problem: string): McpError {
  return new McpError('config-invalid', problem, { delivered: 'no' });
}
