import type { ServerConfig } from '@toolwire/client-core';
import { isObject } from '../arguments/schema.ts';
import { CliError } from '../cli-error.ts';
import { readEntry, type ConfiguredServer } from '../config-file.ts';
import type { Io } from '../io.ts';
import type { Editor } from './editors.ts';
import { withText, type Entry } from './entry-parts.ts';

type Source = Omit<ConfiguredServer, 'config'>;

/** An entry for another program. */
export interface InstallEntry {
  readonly entry: Entry;
  /** The variables whose values stand in it, since the program fills in none. */
  readonly filled: readonly string[];
}

/** A server as `editor` writes it, with the variables of the environment left in where that program fills them in. */
export function installEntry(server: Source, editor: Editor, io: Io): InstallEntry {
  const config = meaningOf(server, io.env, io);
  const variables = variablesIn(server.entry).filter((name) => (io.env[name] ?? '') !== '');
  const references = Object.fromEntries(variables.map((name) => [name, `\${${name}}`]));
  // An address is one only when it is filled in.
  const entry = isObject(server.entry) && 'url' in config ? { ...server.entry, url: String(config.url) } : server.entry;
  const referring = meaningOf({ ...server, entry }, { ...io.env, ...references }, io);
  const { reference } = editor;
  const needsOurs = 'url' in config && config.tls !== undefined; // No other program has words for it.
  const whole = reference === undefined ? config : withReferences(referring, reference);
  const written = needsOurs ? undefined : editor.write(whole, referring);
  if (written === undefined) throw unsuitable(editor, server.name, config);
  const text = JSON.stringify(written);
  const isFilled = (name: string): boolean =>
    reference === undefined && text.includes(JSON.stringify(io.env[name]).slice(1, -1));
  return { entry: written, filled: variables.filter(isFilled) };
}

/** The names of the variables in an entry of ours. */
export function variablesIn(entry: unknown): readonly string[] {
  const names = [...JSON.stringify(entry).matchAll(/\$\{(?:env:)?([A-Za-z_]\w*)/g)].map(([, name = '']) => name);
  return [...new Set(names)];
}

/** What a server means where these are its variables. The folder that it starts in is a part of it only where it is named. */
function meaningOf(server: Source, env: Io['env'], io: Io): ServerConfig {
  const config = readEntry(server, env, io);
  if (config === undefined) throw new CliError('usage', `${server.name} is disabled`);
  if (config instanceof Error) throw config;
  const hasFolder = isObject(server.entry) && server.entry['cwd'] !== undefined;
  if (!('command' in config) || hasFolder) return config;
  const { cwd: _cwd, ...rest } = config;
  return rest;
}

function withReferences(config: ServerConfig, reference: (name: string) => string): ServerConfig {
  return withText(config, (text) => text.replaceAll(/\$\{(\w+)\}/g, (_whole, name: string) => reference(name)));
}

function unsuitable({ title }: Editor, name: string, config: ServerConfig): CliError {
  const target = 'url' in config && config.tls !== undefined ? `--config FILE -s ${name}` : plainAddress(config);
  return new CliError(
    'usage',
    `${title} cannot connect to such an address by itself`,
    `Let it start mcp, which does: mcp servers install ${name} … -- mcp proxy ${target}`,
  );
}

function plainAddress(config: ServerConfig): string {
  if (!('url' in config)) return 'URL';
  const { protocol, host, pathname } = new URL(config.url);
  return `${protocol}//${host}${pathname}`; // The rest may be secret.
}
