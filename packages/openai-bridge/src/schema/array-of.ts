import type { JsonObject } from '@toolwire/client-core';
import { textsOf } from './json.ts';

/** The schema of an array of these items, with the texts and the limits of `schema`. */
export function arrayOf(items: JsonObject, schema: JsonObject): JsonObject {
  const limits = Object.entries(schema).filter(([keyword]) => keyword === 'minItems' || keyword === 'maxItems');
  return { ...textsOf(schema), type: 'array', items, ...Object.fromEntries(limits) };
}
