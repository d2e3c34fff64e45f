import { excerpt } from '@toolwire/client-core';

/** Keeps secrets out of what is stored, and what is stored small. */
export interface StoredValues {
  /** A copy without secrets. Throws a `RangeError` when it is too large. */
  value(value: unknown): unknown;
  /** What went wrong, in one short line without secrets. */
  error(error: unknown): string;
}

const hidden = '[redacted]';
/** Shorter ones would take away half of every text. */
const shortestSecret = 4;

/** Replaces `secrets` wherever they stand, and refuses values of more than `maxBytes` as JSON. */
export function storedValues(secrets: Iterable<string>, maxBytes: number): StoredValues {
  // The longest first: one may be a part of another.
  const hiding = [...new Set(secrets)]
    .filter(({ length }) => length >= shortestSecret)
    .toSorted((a, b) => b.length - a.length);
  const hideIn = (text: string): string => hiding.reduce((left, secret) => left.replaceAll(secret, hidden), text);

  function hide(value: unknown): unknown {
    if (typeof value === 'string') return hideIn(value);
    if (Array.isArray(value)) return value.map(hide);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [hideIn(key), hide(part)]));
  }

  return {
    value(value) {
      const bytes = Buffer.byteLength(JSON.stringify(value) ?? '');
      if (bytes > maxBytes)
        throw new RangeError(`it is ${bytes} bytes large, and ${maxBytes} are stored at most; keep less by \`output\``);
      return hiding.length === 0 ? value : hide(value);
    },
    error: (error) => excerpt(hideIn(error instanceof Error ? error.message : String(error))),
  };
}
