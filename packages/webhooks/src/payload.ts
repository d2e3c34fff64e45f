import { WebhookError } from './errors.ts';
import type { StandardSchema } from './standard-schema.ts';

// A byte order mark stays, and is an error: a lenient decoder reads two different bodies as the same text.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The JSON in a signed body. */
export function parseBody(body: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(body));
  } catch {
    // The cause would quote the body.
    throw new WebhookError('invalid_payload', 'The body is signed, but it is not JSON in UTF-8');
  }
}

/** A field of the body that is a text of a sensible length. */
export function fieldOf(event: unknown, name: string): string | undefined {
  if (typeof event !== 'object' || event === null || !Object.hasOwn(event, name)) return undefined;
  const value = (event as Record<string, unknown>)[name];
  return typeof value === 'string' && value.length > 0 && value.length <= 1_024 ? value : undefined;
}

/** `value` as its schema returns it; the error names the place, not what is there. */
export async function validated<Event>(value: unknown, schema: StandardSchema<Event>): Promise<Event> {
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  const [path = 'its top level'] = result.issues.map(
    ({ path: steps = [] }) => steps.map(nameOf).join('.') || undefined,
  );
  throw new WebhookError('invalid_payload', `The body is signed, but it does not fit its schema at ${path}`);
}

function nameOf(step: PropertyKey | { readonly key: PropertyKey }): string {
  return String(typeof step === 'object' ? step.key : step);
}
