import type { JsonObject } from '@toolwire/client-core';
import { arrayOf } from './array-of.ts';
import { listAt, own, textsOf, type Schema } from './json.ts';
import type { FinalRule } from './rewrite.ts';
import { tuple } from './tuple.ts';

/** A3: an array says what its items are; S3: and that for all of them alike. */
export const arrays: FinalRule = (schema, place) => {
  if (schema['type'] !== 'array') return undefined;
  if (listAt(schema, 'prefixItems').length > 0) return tuple(schema, place);
  const items = place.at('items', '[]').convert((own(schema, 'items') ?? true) as Schema); // Cleaned.
  if (items === false) return Number(own(schema, 'minItems') ?? 0) > 0 ? false : { schema: emptyArray(schema) };
  const { decode } = items;
  return {
    schema: arrayOf(items.schema, schema),
    decode:
      decode && ((value, decoding) => (Array.isArray(value) ? value.map((item) => decode(item, decoding)) : value)),
  };
};

function emptyArray(schema: JsonObject): JsonObject {
  return { ...textsOf(schema), type: 'array', items: { type: 'null' }, maxItems: 0 };
}
