import { print, type Output } from '../io.ts';
import { safeJson } from './sanitize.ts';

/** Prints `value` as JSON: one line for programs, indented on a terminal. */
export function printJson(output: Output, value: unknown): Promise<void> {
  return print(output, `${safeJson(value, output.isTTY === true ? 2 : 0)}\n`);
}
