import type { Output } from '../io.ts';
import { sanitize } from '../output/sanitize.ts';
import type { Redact } from './redaction.ts';

/** Where the proxy, and its like, tell what they do: one line each, on stderr, since stdout belongs to the protocol. */
export interface Log {
  /** What whoever looks for a fault needs to know. */
  say(line: string): void;
  /** What is only wanted with `--verbose`. */
  detail(line: string): void;
  /** What a server writes to stderr, as it is. */
  stderr(text: string): void;
}

/** Writes to `output`, with secrets hidden and whatever a terminal would act on written out. */
export function openLog(output: Output, redact: Redact, isVerbose: boolean, name: string): Log {
  const write = (text: string): void => void output.write(sanitize(redact(text)), () => undefined);
  const say = (line: string): void => write(`${name}: ${line}\n`);
  return { say, detail: isVerbose ? say : () => undefined, stderr: write };
}
