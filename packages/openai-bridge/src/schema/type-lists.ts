import { constraintsOf, textsOf, typesOf, without } from './json.ts';
import type { FlatRule } from './rewrite.ts';

/** S2: a list of types that are not all plain is a choice of them. */
export const typeLists: FlatRule = (schema) => {
  const types = typesOf(schema);
  if (types.length < 2 || 'anyOf' in schema || 'enum' in schema) return undefined;
  if (!types.includes('object') && !types.includes('array')) return undefined;
  const rest = constraintsOf(without(schema, 'type'));
  return { ...textsOf(schema), anyOf: types.map((type) => ({ ...rest, type })) };
};
