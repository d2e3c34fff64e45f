import { isTooDeep } from './depth.ts';

/** Control, bidirectional, zero-width and tag characters: what could drive a terminal or hide in a log line. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Foreign text as an error message may quote it: one line, escaped, cut after `limit` characters (default 2,048). */
export function excerpt(text: string, limit = 2048): string {
  const start = text.slice(0, limit + 1);
  const line = start.trim().replaceAll(/\s+/g, ' ').replaceAll(unprintable, escapeCharacter);
  return line.length > limit || start.length < text.length ? `${line.slice(0, limit)}…` : line;
}

/** Any foreign value as an error message may quote it: its JSON, cut after `limit` characters (default 100). */
export function quote(value: unknown, limit = 100): string {
  if (isTooDeep(value)) return 'a value that is nested too deeply';
  return excerpt(value === undefined ? 'undefined' : JSON.stringify(value), limit);
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
