import { own, without } from './json.ts';
import { withNote } from './notes.ts';
import type { FlatRule } from './rewrite.ts';

const strictFormats = new Set(['date', 'date-time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'time', 'uuid']);

/** S5: the formats that OpenAI does not know go to the description. */
export const formats: FlatRule = (schema, place) => {
  const format = own(schema, 'format');
  if (typeof format !== 'string' || strictFormats.has(format)) return undefined;
  place.lose('unenforced', 'format', `The strict subset has no format "${format}"; it is in the description.`);
  return withNote(without(schema, 'format'), { format });
};
