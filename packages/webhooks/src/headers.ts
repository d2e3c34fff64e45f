import { WebhookError } from './errors.ts';
import type { HeaderReader } from './scheme.ts';
import type { WebhookHeaders } from './types.ts';

/** Reads `Headers` and records alike, and refuses what was sent, or handed over, more than once. */
export function headerReader(headers: WebhookHeaders): HeaderReader {
  if (isHeaders(headers)) return (name) => headers.get(name) ?? undefined;
  const keys = Object.keys(headers);
  return (name) => fromRecord(headers, keys, name);
}

/** The value of a header that the signature cannot do without. */
export function required(header: HeaderReader, name: string): string {
  const value = header(name);
  if (value === undefined) throw new WebhookError('malformed_header', `The header ${name} is missing`);
  return value;
}

function isHeaders(headers: WebhookHeaders): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function';
}

function fromRecord(
  record: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  name: string,
): string | undefined {
  let found: unknown;
  for (const key of keys) {
    if (key.length !== name.length || (key !== name && key.toLowerCase() !== name)) continue;
    if (found !== undefined) throw new WebhookError('malformed_header', `The header ${name} is there twice`);
    found = record[key];
  }
  if (found === undefined || typeof found === 'string') return found;
  throw new WebhookError('malformed_header', `The header ${name} must be one string, not ${describe(found)}`);
}

function describe(value: unknown): string {
  return Array.isArray(value) ? 'an array' : typeof value;
}
