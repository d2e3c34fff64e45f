import type { JsonObject } from '@toolwire/client-core';
import { textsOf } from './json.ts';
import { parseJson } from './json-text.ts';
import { withTexts } from './notes.ts';
import type { FinalRule } from './rewrite.ts';
import { isTagged, tagged } from './tagged.ts';

/** S2: what may be anything is written as it is, except for objects: they are written as their JSON text. */
export const anyValue: FinalRule = (schema, place) => {
  if ('type' in schema || 'anyOf' in schema || 'enum' in schema || '$ref' in schema) return undefined;
  return { schema: withTexts(place.share('json_value', anyValueSchema), textsOf(schema)), decode: readAny };
};

const textSchema: JsonObject = { type: 'string', description: 'The JSON text of an object.' };

function anyValueSchema(reference: JsonObject): JsonObject {
  const { schema: object } = tagged('json_text', { schema: textSchema });
  const plain = { type: ['string', 'number', 'boolean', 'null'] };
  return { anyOf: [plain, { type: 'array', items: reference }, object] };
}

function readAny(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readAny);
  if (!isTagged(value, 'json_text') || typeof value['json_text'] !== 'string') return value;
  const read = parseJson(value['json_text']);
  return read === undefined ? value : read;
}
