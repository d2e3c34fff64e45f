import { canonicalText, listAt, own } from './json.ts';
import type { FlatRule } from './rewrite.ts';

/** A constant is a choice of one. */
export const constants: FlatRule = (schema) => {
  const { const: constant, ...rest } = schema;
  if (constant === undefined) return undefined;
  const isAllowed = own(rest, 'enum') === undefined || listAt(rest, 'enum').some((value) => isSame(value, constant));
  return isAllowed && { ...rest, enum: [constant] };
};

function isSame(one: unknown, other: unknown): boolean {
  return canonicalText(one) === canonicalText(other);
}
