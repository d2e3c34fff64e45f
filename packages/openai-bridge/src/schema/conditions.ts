import { adopt, declaredProperties } from './declared-properties.ts';
import { objectAt, without } from './json.ts';
import { withNote } from './notes.ts';
import type { FlatRule } from './rewrite.ts';

const keywords = ['if', 'then', 'else', 'dependentSchemas'];

/** S3: conditions go to the description; the properties that only they name can still be sent. */
export const conditions: FlatRule = (schema, place) => {
  const present = keywords.filter((keyword) => keyword in schema);
  if (present.length === 0) return undefined;
  const condition = Object.fromEntries(present.map((keyword) => [keyword, schema[keyword]]));
  const rest = without(schema, ...keywords);
  const [keyword = ''] = present;
  if (keyword !== 'if' && keyword !== 'dependentSchemas') return rest; // `then` alone says nothing.
  place.lose(
    'unenforced',
    keyword,
    `The strict subset has no ${keyword}; it is in the description and checked before the call.`,
  );
  const declared = declaredProperties(condition, place.definitions);
  return {
    ...withNote(rest, condition),
    declaredElsewhere: adopt(objectAt(schema, 'declaredElsewhere'), declared),
  };
};
