import { intersect } from './intersect.ts';
import { constraintsOf, isObject, isVacuous, listAt, textsOf, without, type Schema } from './json.ts';
import { withTexts } from './notes.ts';
import type { FlatRule } from './rewrite.ts';

/** S3: schemas that must fit together become one. */
export const allOf: FlatRule = (schema, place) => {
  if (!('allOf' in schema)) return undefined;
  const rest = without(schema, 'allOf');
  const members = listAt(schema, 'allOf').filter((member) => member !== true) as Schema[]; // Cleaned.
  const [only] = members;
  // A reference that stands alone stays one.
  if (members.length === 1 && isObject(only) && isVacuous(rest) && isVacuous(without(only, '$ref')))
    return { ...only, ...textsOf(rest) };
  const merged = members.reduce<Schema>(
    (current, member) => intersect(current, place.flatten(member), place),
    constraintsOf(rest),
  );
  return isObject(merged) ? withTexts(merged, textsOf(schema)) : merged;
};
