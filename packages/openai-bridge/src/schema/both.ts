import { canonicalText, isObject, type Schema } from './json.ts';

/** The schema of what must fit two schemas; one that is missing asks for nothing. */
export function both(one: unknown, other: unknown): Schema {
  if (one === false || other === false) return false;
  if (asksNothing(one)) return (other ?? true) as Schema; // Cleaned: a schema, as is the other.
  return asksNothing(other) || canonicalText(one) === canonicalText(other) ? (one as Schema) : { allOf: [one, other] };
}

function asksNothing(schema: unknown): boolean {
  return schema === undefined || schema === true || (isObject(schema) && Object.keys(schema).length === 0);
}
