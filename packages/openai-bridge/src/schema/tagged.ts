import { isObject } from './json.ts';
import type { Encoding, Rewrite } from './rewrite.ts';

/** Marks an encoded value where it could be taken for something else: `{ "json_text": "…" }`. */
export function tagged(encoding: Encoding, { schema, decode = (value) => value }: Rewrite): Rewrite {
  return {
    schema: { type: 'object', properties: { [encoding]: schema }, required: [encoding], additionalProperties: false },
    decode: (value, decoding) => (isTagged(value, encoding) ? decode(value[encoding], decoding) : value),
  };
}

/** True for an object with this one key. */
export function isTagged(value: unknown, key: string): value is Record<string, unknown> {
  return isObject(value) && Object.keys(value).join() === key;
}
