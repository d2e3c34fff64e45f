import { isObject, own, without } from './json.ts';
import { withNote } from './notes.ts';
import type { FlatRule } from './rewrite.ts';

/** S3, S6: what the strict subset has no word for goes to the description. */
export const unsupportedKeywords: FlatRule = (schema, place) => {
  const keywords = unsupported.filter((keyword) => keyword in schema);
  if (keywords.length === 0) return undefined;
  return keywords.reduce((current, keyword) => {
    const value = own(schema, keyword);
    const rest = without(current, keyword);
    if (saysNothing(keyword, value)) return rest;
    const what = `The strict subset has no ${keyword}; it is in the description and checked before the call.`;
    place.lose('unenforced', keyword, what);
    // How many have to fit is said with what has to fit.
    return keyword.endsWith('Contains') ? rest : withNote(rest, { [keyword]: value });
  }, schema);
};

const unsupported =
  `contains dependentRequired maxContains maxLength maxProperties minContains minLength minProperties not
  propertyNames unevaluatedItems uniqueItems`.split(/\s+/);

function saysNothing(keyword: string, value: unknown): boolean {
  if (keyword === 'propertyNames') return value === true || (isObject(value) && Object.keys(value).join() === 'type');
  if (keyword === 'unevaluatedItems') return value === true;
  if (keyword === 'minContains') return value === 1;
  return value === 0 ? keyword.startsWith('min') : value === false && keyword === 'uniqueItems';
}
