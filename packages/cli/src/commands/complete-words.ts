import { findWords } from '../completion/find-words.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print, type Io } from '../io.ts';

/** `mcp __complete WORD…`, for shells: what the last word may become, one a line. A wrong line has no completions. */
export async function completeWords(words: readonly string[], io: Io): Promise<ExitCode> {
  const found = await findWords(words, io).catch(() => []);
  await print(io.stdout, found.map((word) => `${word}\n`).join(''));
  return 0;
}
