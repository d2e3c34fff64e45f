import { findWords } from '../completion/find-words.ts';
import type { Io } from '../io.ts';
import { commandLineOf, firstWords, writtenOut, type Standing } from './lines.ts';
import { splitLine } from './split-words.ts';

/** What the last word of a line may become: commands, flags, names of servers, and of tools that were listed. */
export async function completeLine(
  line: string,
  standing: Standing,
  io: Io,
): Promise<[words: string[], current: string]> {
  const { words, current, quote } = splitLine(line);
  const isOpen = current === '' && /(^|\s)$/.test(line);
  const before = isOpen ? words : words.slice(0, -1);
  if (quote !== undefined) return [[], current];
  const isFirst = before.length === 0;
  const { command, ...rest } = standing;
  const argv = isFirst ? [] : commandLineOf(writtenOut([...before, '']).slice(0, -1), { ...rest, command: undefined });
  const found = await findWords([...argv, current], io, command);
  const starts = isFirst ? firstWords.filter((word) => word.startsWith(current)) : [];
  return [[...starts, ...found].map((word) => `${word} `), current];
}
