import { own, textsOf, typesOf } from './json.ts';
import type { FinalRule } from './rewrite.ts';

const keywords = new Map([
  ['string', ['format', 'pattern']],
  ['number', ['exclusiveMaximum', 'exclusiveMinimum', 'maximum', 'minimum', 'multipleOf']],
]);

/** Strings, numbers, booleans and null keep what the strict subset has of them. */
export const scalars: FinalRule = (schema) => {
  const types = typesOf(schema).filter((type, _index, all) => type !== 'integer' || !all.includes('number'));
  if (types.length === 0) return undefined;
  const kept = types.flatMap((type) => keywords.get(type === 'integer' ? 'number' : type) ?? []);
  const constraints = kept.filter((keyword) => own(schema, keyword) !== undefined);
  return {
    schema: {
      ...textsOf(schema),
      type: types.length === 1 ? types[0] : types,
      ...Object.fromEntries(constraints.map((keyword) => [keyword, schema[keyword]])),
    },
  };
};
