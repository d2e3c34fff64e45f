import type { ServerConfig } from '@toolwire/client-core';
import { address, withText, type Entry } from './entry-parts.ts';

/** An entry of OpenCode in our form: a command is one list there, and variables are written `{env:NAME}`. */
export function readOpenCodeEntry(entry: Entry): Entry | undefined {
  if (entry['type'] !== 'local' && entry['type'] !== 'remote') return undefined;
  const written = withText(entry, (text) => text.replaceAll(/\{(env|file):([^}]+)\}/g, '${$1:$2}'));
  const { type: _type, command, environment, enabled, ...rest } = written;
  const [program, ...args] = Array.isArray(command) ? command : [command];
  return {
    ...rest,
    ...(command !== undefined && { command: program, args }),
    ...(environment !== undefined && { env: environment }),
    ...(enabled === false && { disabled: true }),
  };
}

/** A server as OpenCode writes it. */
export function writeOpenCodeEntry(config: ServerConfig): Entry | undefined {
  if (!('command' in config)) {
    const entry = address(config);
    return entry && { type: 'remote', ...entry };
  }
  const { command, args = [], cwd, env } = config;
  return {
    type: 'local',
    command: [command, ...args],
    ...(cwd !== undefined && { cwd }),
    ...(env !== undefined && { environment: env }),
  };
}
