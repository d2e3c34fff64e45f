import type { JsonObject } from '@toolwire/client-core';
import { isObject, listAt, objectAt, own, typesOf, without, type Schema } from './json.ts';
import type { FlatRule, Place } from './rewrite.ts';

/** S3: `oneOf` becomes `anyOf`, which is the same where no value can fit two of them. */
export const exclusiveUnions: FlatRule = (schema, place) => {
  if (!('oneOf' in schema)) return undefined;
  const branches = listAt(schema, 'oneOf') as Schema[]; // Cleaned.
  if (!areExclusive(branches, place)) {
    const what = 'The strict subset has only anyOf; that no second one fits is checked before the call.';
    place.lose('unenforced', 'oneOf', what);
  }
  const rest = without(schema, 'oneOf');
  return 'anyOf' in rest
    ? { ...without(rest, 'anyOf'), allOf: [...listAt(rest, 'allOf'), { anyOf: rest['anyOf'] }, { anyOf: branches }] }
    : { ...rest, anyOf: branches };
};

/** Whether no value can fit two of these; false where that is not plain to see. */
export function areExclusive(branches: readonly Schema[], place: Place): boolean {
  const flat = branches.map((branch) => place.flatten(branch));
  return flat.every((one, index) => flat.slice(index + 1).every((other) => exclude(one, other, place)));
}

function exclude(one: Schema, other: Schema, place: Place): boolean {
  if (!isObject(one) || !isObject(other)) return one === false || other === false;
  if (areApart(one, other, place)) return true;
  const required = listAt(one, 'required').filter((key) => listAt(other, 'required').includes(key)) as string[];
  return required.some((key) =>
    areApart(objectAt(objectAt(one, 'properties'), key), objectAt(objectAt(other, 'properties'), key), place),
  );
}

// By their types, or by the values that one of them lists.
function areApart(one: JsonObject, other: JsonObject, place: Place): boolean {
  const types = typesOf(other).map(withoutInteger);
  if (types.length > 0 && typesOf(one).length > 0 && !typesOf(one).some((type) => types.includes(withoutInteger(type))))
    return true;
  return listsOthers(one, other, place) || listsOthers(other, one, place);
}

function withoutInteger(type: string): string {
  return type === 'integer' ? 'number' : type;
}

function listsOthers(one: JsonObject, other: JsonObject, place: Place): boolean {
  const values = own(one, 'const') === undefined ? listAt(one, 'enum') : [one['const']];
  return values.length > 0 && values.every((value) => !place.fits(other, value));
}
