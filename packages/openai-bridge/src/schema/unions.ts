import { both } from './both.ts';
import { decodeOneOf } from './decode-one-of.ts';
import { joined } from './joined.ts';
import { constraintsOf, isVacuous, listAt, textsOf, without, type Schema } from './json.ts';
import { withTexts } from './notes.ts';
import type { FinalRule, Rewrite } from './rewrite.ts';

/** S2, S3: a union stands alone; what is asked beside it is asked of every alternative. */
export const unions: FinalRule = (schema, place) => {
  if (!('anyOf' in schema)) return undefined;
  const beside = constraintsOf(without(schema, 'anyOf'));
  const alternatives = (listAt(schema, 'anyOf') as Schema[]) // Cleaned.
    .map((branch) => (isVacuous(beside) ? branch : both(beside, branch)))
    .map((original, index) => ({ original, converted: place.at(`anyOf[${index}]`).convert(original) }))
    .filter((each): each is { original: Schema; converted: Rewrite } => each.converted !== false);
  if (alternatives.length === 0) return false;
  const [only] = alternatives;
  if (alternatives.length === 1 && only !== undefined)
    return { ...only.converted, schema: withTexts(only.converted.schema, textsOf(schema)) };
  const { schema: union, branches } = joined(alternatives.map(({ converted }) => converted));
  const decode = decodeOneOf(
    branches.map((branch, index) => ({ ...branch, original: alternatives[index]?.original ?? true })),
    place,
  );
  return { schema: withTexts(union, textsOf(schema)), decode };
};
