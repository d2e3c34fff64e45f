import { constraintsOf, isVacuous, textsOf, without } from './json.ts';
import { targetName } from './local-references.ts';
import { withTexts } from './notes.ts';
import type { FinalRule, FlatRule } from './rewrite.ts';

/** S4: a reference with constraints beside it is the combination of both. */
export const referenceSiblings: FlatRule = (schema) => {
  if (!('$ref' in schema)) return undefined;
  const siblings = without(schema, '$ref');
  if (isVacuous(siblings)) return undefined;
  return { ...textsOf(schema), allOf: [{ $ref: schema['$ref'] }, constraintsOf(siblings)] };
};

/** S4: a reference stands alone; a description of its own goes around it. */
export const references: FinalRule = (schema, place) => {
  const name = targetName(schema);
  if (name === undefined) return undefined;
  const reference = place.refer(name);
  return { ...reference, schema: withTexts(reference.schema, textsOf(schema)) };
};
