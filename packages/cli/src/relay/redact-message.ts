import { isObject } from '../proxy/envelope.ts';
import type { Redact } from '../proxy/redaction.ts';

const hidden = '[redacted]';
const secretName =
  /^(?:(?:access|auth|bearer|id|refresh|session|api|client)[-_ ]?)?token$|passw|passphrase|secret|cookie|credential|(?:api|access|private)[-_ ]?key|^(?:proxy[-_ ]?)?auth(?:orization)?$|^(?:pwd|bearer|jwt)$/i;
const scheme = /\b(bearer|basic|digest)\s+\S+/gi;

/** A copy of a message in which credentials read `[redacted]`: known ones, and texts that are called or written like one. */
export function redactMessage(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value.replaceAll(scheme, `$1 ${hidden}`));
  if (Array.isArray(value)) return value.map((item) => redactMessage(item, redact));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, item]) => {
    const isSecret = typeof item === 'string' && secretName.test(name);
    return [name, isSecret ? hidden : redactMessage(item, redact)] as const;
  });
  return Object.fromEntries(entries);
}
