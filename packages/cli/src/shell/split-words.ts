import { CliError } from '../cli-error.ts';

/** A line taken apart, and what of its last word is still open. */
export interface SplitLine {
  readonly words: readonly string[];
  /** The last word as far as it goes; empty after a space. */
  readonly current: string;
  /** The quote that is not closed. */
  readonly quote: string | undefined;
}

/**
 * Takes a line apart as a shell does: words at spaces, single and double quotes, and a backslash for the next character.
 * Nothing is expanded.
 */
export function splitLine(line: string): SplitLine {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let index = 0; index < line.length; index++) {
    const character = line[index] ?? '';
    const isEscape = character === '\\' && quote !== "'" && (quote !== '"' || /["\\]/.test(line[index + 1] ?? ''));
    if (isEscape) word = (word ?? '') + (line[++index] ?? '');
    else if (character === quote) quote = undefined;
    else if (quote !== undefined) word = (word ?? '') + character;
    else if (character === '"' || character === "'") [quote, word] = [character, word ?? ''];
    else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  return { words: word === undefined ? words : [...words, word], current: word ?? '', quote };
}

/** The words of a whole line; throws a usage error for a quote that is not closed. */
export function splitWords(line: string): readonly string[] {
  const { words, quote } = splitLine(line);
  if (quote !== undefined) throw new CliError('usage', `A ${quote} is not closed`);
  return words;
}
