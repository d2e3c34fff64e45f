import { findSchemaViolation, type JsonObject } from '@toolwire/client-core';
import { isObject } from './schema/json.ts';
import type { ConvertedTool } from './types.ts';

/** Arguments that may be sent, or what the model reads instead of a result. */
export type ReadArguments = { readonly args: JsonObject } | { readonly error: string };

/**
 * Reads the arguments that a model wrote for `converted` and checks them against the tool's own `inputSchema`. Nothing
 * is guessed: arguments that are malformed or cut off are an error, written for the model to repair.
 */
export function readArguments(
  text: string,
  converted: Pick<ConvertedTool, 'decode'>,
  inputSchema: unknown,
): ReadArguments {
  const read = readObject(text);
  if (typeof read === 'string') return refuse(read);
  const problems: string[] = [];
  const args = converted.decode(read, (problem) => problems.push(problem));
  const problem = problems[0] ?? findSchemaViolation(inputSchema, args)?.message;
  return problem === undefined ? { args } : refuse(problem);
}

function refuse(problem: string): { error: string } {
  return { error: `Not called: the arguments are not valid. ${problem} Correct this and call again.` };
}

// The object, or what is wrong with it.
function readObject(text: string): JsonObject | string {
  if (text.trim() === '') return {}; // "No arguments", as some models write it.
  const value = parseJson(text);
  if (value instanceof SyntaxError) {
    return endsInside(text)
      ? 'Their JSON ends in the middle: write all of it, and less if it was too long.'
      : `They are not JSON: ${value.message}.`;
  }
  // Some models write the object as a text in JSON.
  const inner = typeof value === 'string' ? parseJson(value) : value;
  return isObject(inner) && !(inner instanceof SyntaxError) ? inner : 'They must be one JSON object.';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    return error; // A SyntaxError, which no JSON text can be.
  }
}

/** Whether `text` breaks off in a text, an object or a list that it has begun. */
function endsInside(text: string): boolean {
  const outside = text.replaceAll(/"(?:[^"\\]|\\[^])*"/g, '');
  if (outside.includes('"')) return true;
  return count(outside, /[{[]/g) > count(outside, /[}\]]/g);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
