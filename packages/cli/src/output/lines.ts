import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import type { Settings } from '../own-flags.ts';
import { safeJson } from './sanitize.ts';

/** Lines that are printed as they come, without an end. */
export interface Lines {
  /** Prints a line for people, or `value` as a line of JSON. */
  print(value: unknown, text: string): Promise<void>;
  /** Resolves once nobody reads the lines any more (`| head`), which is an end. */
  readonly readerLeft: Promise<void>;
}

/** Opens an endless output; refuses the forms that only a whole result can have. */
export function openLines({ output, json, pick }: Settings, { stdout }: Io): Lines {
  if (pick !== undefined || (output !== 'human' && !json)) {
    throw new CliError('usage', 'This prints lines as they come: only --json fits', 'mcp … --json | jq …');
  }
  const reader = new AbortController();
  const readerLeft = new Promise<void>((resolve) => reader.signal.addEventListener('abort', () => resolve()));
  const print = (value: unknown, text: string): Promise<void> =>
    new Promise((resolve) => {
      stdout.write(`${json ? safeJson(value, 0) : text}\n`, (error) => {
        if (error !== undefined && error !== null) reader.abort();
        resolve();
      });
    });
  return { print, readerLeft };
}
