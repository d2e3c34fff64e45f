import { McpError } from '../errors.ts';
import { isObject } from './jsonrpc.ts';

/** Deeper than any schema that somebody wrote, and shallow enough for the stack. */
const maxDepth = 256;

/**
 * The JSON text of a value as RFC 8785 has it: the same for equal values, whatever the order of their keys. Throws
 * `invalid-response` for what is nested more than 256 levels deep.
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > maxDepth) {
    const text = `What is nested more than ${maxDepth} levels deep cannot be compared, and no lock can hold it`;
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
