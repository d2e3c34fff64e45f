import { ConfigError } from './errors.ts';
import { findJsonSyntaxError } from './protocol/json-syntax.ts';

/** A string, which is left alone, or a comment. */
const stringOrComment = /"(?:\\.|[^"\\])*"|\/\/[^\n\r]*|\/\*[^]*?\*\//g;
const stringOrTrailingComma = /"(?:\\.|[^"\\])*"|,(?=\s*[}\]])/g;

/**
 * The value of JSON that may have comments and trailing commas, as editors write it. Throws a `ConfigError` that names
 * `file`, line and column.
 */
export function parseConfigText(text: string, file: string): unknown {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return parseWithComments(json, file);
  }
}

function parseWithComments(text: string, file: string): unknown {
  // Replaced by blanks, so that the place of an error is the place in the file.
  const json = text.replaceAll(stringOrComment, blank).replaceAll(stringOrTrailingComma, blank);
  try {
    return JSON.parse(json) as unknown;
  } catch (cause) {
    const { line, column, expected } = findJsonSyntaxError(json) ?? { line: 1, column: 1, expected: 'JSON' };
    throw new ConfigError(
      `${file}:${line}:${column}: invalid JSON: expected ${expected}.`,
      { file, path: '' },
      { cause },
    );
  }
}

function blank(found: string): string {
  return found.startsWith('"') ? found : found.replaceAll(/[^\n\r]/g, ' ');
}
