import { sanitize } from '../output/sanitize.ts';

/** A text of a server as a comment, which it cannot end: a line for each of its lines. */
export function comment(text: unknown, indent = ''): readonly string[] {
  if (typeof text !== 'string' || text.trim() === '') return [];
  const lines = sanitize(text)
    .trim()
    .replaceAll('*/', '*\\/')
    .split('\n')
    .map((line) => line.trimEnd());
  if (lines.length === 1) return [`${indent}/** ${lines[0] ?? ''} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}

/** A key as it is written in an object. */
export function propertyName(name: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : quoted(name);
}

/** A text as a literal of TypeScript, in which nothing is hidden. */
export function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner.replaceAll(/[^\x20-\x7e\p{L}\p{N}\p{P}\p{S}]/gu, (character) => escaped(character))}'`;
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
