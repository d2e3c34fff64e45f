import { CliError } from '../cli-error.ts';
import { isObject } from './schema.ts';

/** A JSON object that is written out, in a file (`@file`), or on standard input (`-`). */
export async function parseObject(
  written: string,
  name: string,
  readText: (file: string) => Promise<string>,
): Promise<Record<string, unknown>> {
  const isFile = written.startsWith('@');
  const text = isFile ? await readText(written.slice(1)) : written === '-' ? await readText('-') : written;
  const value = parseJson(text, name);
  if (isObject(value)) return value;
  throw new CliError('usage', `${name} wants a JSON object, @file or -`);
}

/** Reads JSON; `written` names it where it is none. */
export function parseJson(text: string, written: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError('usage', `${written} is not valid JSON: ${reason}`);
  }
}
