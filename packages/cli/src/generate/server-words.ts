import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ServerTarget } from '../targets.ts';

/** How a command line names a server: what stands before the tool's name, and what stands last. */
export interface ServerWords {
  readonly before: string;
  readonly after: string;
}

/** The words that named the server, to be written into a file; throws for an address that holds a secret. */
export function serverWords({ line, settings }: CommandContext, target: ServerTarget): ServerWords {
  const { command, operands } = line;
  if (Object.keys(settings.headers).length > 0) throw secret('A header');
  if (command !== undefined) return { before: '', after: ` -- ${command.map(shellWord).join(' ')}` };
  const [written = target.name] = [...settings.servers, ...operands];
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url !== undefined && `${url.username}${url.password}${url.search}` !== '') throw secret('Part of the address');
  const config = settings.config === undefined ? [] : ['--config', settings.config];
  return { before: ` ${['-s', written, ...config].map(shellWord).join(' ')}`, after: '' };
}

/** A word that a shell takes as it is. */
export function shellWord(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function secret(what: string): CliError {
  const hint = 'Give the server a name in the configuration, and generate for that name';
  return new CliError('usage', `${what} may be a secret, which does not belong into a generated file`, hint);
}
