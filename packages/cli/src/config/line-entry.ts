import { CliError } from '../cli-error.ts';
import { readEntry, type ConfigLayer } from '../config-file.ts';
import type { CommandContext } from '../context.ts';
import type { Io } from '../io.ts';
import type { Entry } from './entry-parts.ts';
import { variablesIn } from './install-entry.ts';

const wires = ['auto', 'http', 'sse', 'post', 'rest'] as const;

/** The server that a command line describes by an address or by a command after `--`; nothing where it does neither. */
export function entryOfLine(address: string | undefined, { line, settings }: CommandContext): Entry | undefined {
  const { own, headers } = settings;
  const transport = own.oneOf('transport', wires);
  const env = variablesOf(settings);
  const hasEnv = Object.keys(env).length > 0;
  const hasHeaders = Object.keys(headers).length > 0;
  if (line.command !== undefined) {
    const [command, ...args] = line.command;
    if (address !== undefined) throw new CliError('usage', 'Give an address or a command after --, not both');
    if (command === undefined) throw new CliError('usage', 'A command is missing after --');
    if (hasHeaders || transport !== undefined)
      throw new CliError('usage', '--header and --transport are for addresses');
    return { command, args, ...(hasEnv && { env }) };
  }
  if (address === undefined) return undefined;
  if (hasEnv) throw new CliError('usage', 'Variables are for commands; an address takes --header');
  return { ...(transport !== undefined && { type: transport }), url: address, ...(hasHeaders && { headers }) };
}

/** The variables that `--env` and `-v` set. A value is a secret as often as not, and so in no message. */
export function variablesOf({ own }: CommandContext['settings']): Readonly<Record<string, string>> {
  const pairs = [...own.all('env'), ...own.all('variable')].map((text) => {
    const [, name, value] = /^([A-Za-z_]\w*)=([^]*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined) throw new CliError('usage', 'A variable is written KEY=VALUE');
    return [name, value] as const;
  });
  return Object.fromEntries(pairs);
}

/** Throws unless `entry` could be used where all its variables were set. */
export function checkEntry(name: string, entry: Entry, layer: ConfigLayer, io: Io): void {
  const names = variablesIn(entry);
  const config = readEntry(
    { name, entry, layer },
    { ...io.env, ...Object.fromEntries(names.map((set) => [set, 'x'])) },
    io,
  );
  if (config instanceof Error) throw config;
}

/** Throws for a name that nothing could refer to afterwards. */
export function checkName(name: string): string {
  const isUsable = /^[\p{L}\p{N}_@][^\p{C}/#]*$/u.test(name) && !/\.json$|:\/\/|\s$/.test(name) && name !== '__proto__';
  if (isUsable && name.length <= 64) return name;
  throw new CliError('usage', `A server cannot be called ${JSON.stringify(name)}`, 'Letters, digits, - and _ will do');
}
