import { McpError } from './errors.ts';
import { isObject } from './protocol/jsonrpc.ts';

/** Deeper than any schema that somebody wrote, and shallow enough for the stack. */
const maxDepth = 256;

/** The JSON text of a value as RFC 8785 has it: the same for equal values, whatever the order of their keys. */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > maxDepth) {
    const text = `A tool's definition is nested more than ${maxDepth} levels deep, which no lock can hold`;
    throw new McpError('invalid-response', text, { delivered: 'no' });
  }
  const write = (part: unknown): string => canonicalJson(part, depth + 1);
  if (Array.isArray(value)) return `[${value.map((item) => write(item ?? null)).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${write(value[key])}`);
  return `{${entries.join(',')}}`;
}
