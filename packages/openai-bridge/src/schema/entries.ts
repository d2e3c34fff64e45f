import type { JsonObject } from '@toolwire/client-core';
import { isObject, textsOf, type Schema } from './json.ts';
import { withText } from './notes.ts';
import type { Place, Rewrite } from './rewrite.ts';

/** S1: an object of any keys, whose values have a schema, is written as a list of keys and values. */
export function entries(schema: JsonObject, values: Schema, place: Place): Rewrite | false {
  const value = place.at('additionalProperties', '[].value').convert(values);
  if (value === false) return false;
  const { decode = (given) => given } = value;
  return {
    schema: {
      ...withText(textsOf(schema), 'An object, written as a list of its keys and values.'),
      type: 'array',
      items: {
        type: 'object',
        properties: { key: { type: 'string' }, value: value.schema },
        required: ['key', 'value'],
        additionalProperties: false,
      },
    },
    encoding: 'entries',
    decode(given, decoding) {
      if (!Array.isArray(given) || !given.every(isEntry)) return given;
      return Object.fromEntries(given.map((entry) => [entry.key, decode(entry.value, decoding)]));
    },
  };
}

function isEntry(value: unknown): value is { key: string; value: unknown } {
  return isObject(value) && typeof value['key'] === 'string' && 'value' in value;
}
