import type { JsonObject } from '@toolwire/client-core';
import { parseJson } from './json-text.ts';
import { constraintsOf, listAt, textsOf, typeOf, without } from './json.ts';
import { withText } from './notes.ts';
import type { FinalRule, Rewrite } from './rewrite.ts';

/** S2: a list of values has the type of its values; objects and arrays are chosen by their JSON text. */
export const enums: FinalRule = (schema, place) => {
  if (!('enum' in schema) || 'anyOf' in schema) return undefined;
  const others = constraintsOf(without(schema, 'enum'));
  const values = listAt(schema, 'enum').filter((value) => place.fits(others, value));
  if (values.length === 0) return false;
  const types = [...new Set(values.map(typeOf))];
  if (types.includes('array') || types.includes('object')) return textsInJson(schema, values);
  const needed = types.filter((type) => type !== 'integer' || !types.includes('number'));
  return { schema: { ...textsOf(schema), type: needed.length === 1 ? needed[0] : needed, enum: values } };
};

function textsInJson(schema: JsonObject, values: readonly unknown[]): Rewrite {
  const texts = withText(textsOf(schema), 'The JSON text of the value.');
  return {
    schema: { ...texts, type: 'string', enum: values.map((value) => JSON.stringify(value)) },
    encoding: 'json_text',
    // What is not one of these is left to the check of the arguments.
    decode: (value) => (typeof value === 'string' ? (parseJson(value) ?? value) : value),
  };
}
