import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import type { ReadText } from './build-arguments.ts';

/** Reads files relative to the working directory, and standard input, once, where `-` is written. */
export function textReader(io: Pick<Io, 'cwd' | 'stdin'>): ReadText {
  let piped: Promise<string> | undefined;
  // `io.stdin` is touched only here: opening it is enough to keep a process waiting.
  return (file) => (file === '-' ? (piped ??= readAll(io.stdin)) : readFileText(file, io.cwd));
}

async function readFileText(file: string, cwd: string): Promise<string> {
  const { readFile } = process.getBuiltinModule('node:fs/promises');
  const path = process.getBuiltinModule('node:path');
  try {
    return await readFile(path.resolve(cwd, file), 'utf8');
  } catch (error) {
    const reason =
      error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'it does not exist' : String(error);
    throw new CliError('usage', `Cannot read ${file}: ${reason}`);
  }
}

async function readAll(stream: AsyncIterable<string | Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stream) text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
