import type { CleanRule } from './clean-rule.ts';
import { typesOf } from './json.ts';

/** A3: every array says what its items are, and be it anything. */
export const arrayItems: CleanRule = (schema) =>
  typesOf(schema).includes('array') && !('items' in schema) ? { ...schema, items: {} } : schema;
