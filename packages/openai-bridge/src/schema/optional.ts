import type { JsonObject } from '@toolwire/client-core';
import { listAt, isObject, own, textsOf, typesOf, without, type Schema } from './json.ts';
import type { Place, Rewrite } from './rewrite.ts';
import { isTagged } from './tagged.ts';

/** What an optional property decodes to when the model left it out. */
export const leftOut: unique symbol = Symbol('left out');

/** S8: null leaves a property out; a property that has a null of its own gets it as `{ "send_null": true }`. */
export function optional(property: Schema, { schema, decode }: Rewrite, place: Place): Rewrite {
  // Where null is the default anyway, both are the same.
  const isDefault = isObject(property) && own(property, 'default') === null;
  const hasOwnNull = !isDefault && (branchesOf(schema).some(isNullable) || place.fits(property, null));
  return {
    schema: nullable(schema, hasOwnNull ? [place.share('explicit_null', explicitNull)] : []),
    decode(value, decoding) {
      if (value === null) return leftOut;
      if (hasOwnNull && isTagged(value, 'send_null')) return null;
      return decode === undefined ? value : decode(value, decoding);
    },
  };
}

function explicitNull(): JsonObject {
  return {
    type: 'object',
    properties: { send_null: { type: 'boolean', enum: [true] } },
    required: ['send_null'],
    additionalProperties: false,
    description: 'Sends null; null itself leaves the property out.',
  };
}

function nullable(schema: JsonObject, more: readonly JsonObject[]): JsonObject {
  const types = typesOf(schema);
  const isPlain = types.length > 0 && !('enum' in schema) && !types.includes('array') && !types.includes('object');
  if (isPlain && more.length === 0) return { ...schema, type: [...new Set([...types, 'null'])] };
  const branches = branchesOf(without(schema, 'description', 'title'));
  return {
    ...textsOf(schema),
    anyOf: [...branches, ...(branches.some(isNullable) ? [] : [{ type: 'null' }]), ...more],
  };
}

function branchesOf(schema: JsonObject): JsonObject[] {
  return 'anyOf' in schema ? (listAt(schema, 'anyOf') as JsonObject[]) : [schema]; // Strict: objects.
}

function isNullable(schema: JsonObject): boolean {
  return typesOf(schema).includes('null');
}
