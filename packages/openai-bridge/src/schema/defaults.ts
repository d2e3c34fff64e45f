import { listAt, own, without } from './json.ts';
import { withNote } from './notes.ts';
import type { FlatRule } from './rewrite.ts';

/** S6: defaults and examples go to the description. */
export const defaults: FlatRule = (schema) => {
  const initial = own(schema, 'default');
  const examples = listAt(schema, 'examples');
  if (initial === undefined && examples.length === 0) return undefined;
  const rest = without(schema, 'default', 'examples');
  // Leaving a property out is already written null.
  const withDefault = initial === undefined || initial === null ? rest : withNote(rest, { default: initial });
  return examples.length === 0 ? withDefault : withNote(withDefault, { examples });
};
