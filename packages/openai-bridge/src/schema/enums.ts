import { constraintsOf, listAt, textsOf, typeOf, without } from './json.ts';
import { withText } from './notes.ts';
import type { Decode, FinalRule } from './rewrite.ts';

/** S2: a list of values has the type of its values; objects and arrays are chosen by their JSON text. */
export const enums: FinalRule = (schema, place) => {
  if (!('enum' in schema) || 'anyOf' in schema) return undefined;
  const others = constraintsOf(without(schema, 'enum'));
  const values = listAt(schema, 'enum').filter((value) => place.fits(others, value));
  if (values.length === 0) return false;
  const types = [...new Set(values.map(typeOf))];
  if (types.includes('array') || types.includes('object')) {
    const texts = withText(textsOf(schema), 'The JSON text of the value.');
    const schema = { ...texts, type: 'string', enum: values.map((value) => JSON.stringify(value)) };
    return { schema, decode: parse, encoding: 'json_text' };
  }
  const needed = types.filter((type) => type !== 'integer' || !types.includes('number'));
  return { schema: { ...textsOf(schema), type: needed.length === 1 ? needed[0] : needed, enum: values } };
};

const parse: Decode = (value) => {
  try {
    return typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
  } catch {
    return value; // Not one of the list; the check of the arguments says so.
  }
};
