import { own } from './json.ts';
import type { FlatRule } from './rewrite.ts';

/** S2: a schema without a type is of that which its keywords are about. */
export const impliedTypes: FlatRule = (schema, place) => {
  if (['$ref', 'anyOf', 'enum', 'type'].some((keyword) => keyword in schema)) return undefined;
  const types = [...keywordsOf].filter(([, keywords]) =>
    keywords.some((keyword) => own(schema, keyword) !== undefined),
  );
  if (types.length === 0) return undefined;
  const type = types.map(([name]) => name);
  place.lose('narrowed', 'type', `It has no type; it is read as ${type.join(' or ')}.`);
  return { ...schema, type: type.length === 1 ? type[0] : type };
};

const keywordsOf = new Map([
  ['string', ['pattern', 'format']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
  ['array', ['items', 'prefixItems', 'minItems', 'maxItems']],
  ['object', ['properties', 'required', 'additionalProperties', 'patternProperties', 'unevaluatedProperties']],
]);
