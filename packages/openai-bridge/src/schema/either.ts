import { canonicalText, isVacuous, type Schema } from './json.ts';

/** The schema of what fits at least one of these; false when there are none. */
export function eitherOf(schemas: readonly Schema[]): Schema {
  const possible = schemas.filter((schema) => schema !== false);
  if (possible.some(isVacuous)) return possible.length === 1 ? (possible[0] ?? true) : true;
  const distinct = [...new Map(possible.map((schema) => [canonicalText(schema), schema])).values()];
  return distinct.length < 2 ? (distinct[0] ?? false) : { anyOf: distinct };
}
