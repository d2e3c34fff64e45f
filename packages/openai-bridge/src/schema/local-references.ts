import type { CleanRule } from './clean-rule.ts';
import { own } from './json.ts';

/** A5: every reference leads to `$defs`; one that leads elsewhere is left out, as nothing is ever fetched. */
export const localReferences: CleanRule = (schema, { lose, nameOfTarget }) => {
  const { $ref: reference, ...rest } = schema;
  if (typeof reference !== 'string') return schema;
  const name = nameOfTarget(reference);
  if (name !== undefined) return { $ref: `#/$defs/${name}`, ...rest };
  lose('unenforced', '$ref', `${reference} is not part of the schema; what it asks for is for the server to check.`);
  return rest;
};

/** The name in `$defs` of what a cleaned reference points to. */
export function targetName(schema: Readonly<Record<string, unknown>>): string | undefined {
  const reference = own(schema, '$ref');
  return typeof reference === 'string' ? reference.replace('#/$defs/', '') : undefined;
}
