import type { JsonObject } from '@toolwire/client-core';
import { adopt, declaredProperties } from './declared-properties.ts';
import { areExclusive } from './exclusive-unions.ts';
import { isObject, listAt, objectAt, own, without, type Schema } from './json.ts';
import { withNote } from './notes.ts';
import type { FlatRule, Place } from './rewrite.ts';

/**
 * S2: alternatives beside properties, of which several may fit (like `required: ["a"]` or `required: ["b"]`), go to the
 * description; the properties that they add can be sent.
 */
export const constraintUnions: FlatRule = (schema, place) => {
  const branches = listAt(schema, 'anyOf') as Schema[]; // Cleaned.
  const properties = objectAt(schema, 'properties');
  if (branches.length === 0 || Object.keys(properties).length === 0) return undefined;
  if (!branches.every((branch) => isPlainObject(branch, place))) return undefined;
  const declared = declaredProperties({ anyOf: branches }, place.definitions);
  const addsNothing = [...declared.keys()].every((key) => Object.hasOwn(properties, key));
  if (!addsNothing && areExclusive(branches, place)) return undefined;
  place.lose('unenforced', 'anyOf', 'These alternatives are in the description and checked before the call.');
  const declaredElsewhere: JsonObject = adopt(objectAt(schema, 'declaredElsewhere'), declared);
  return { ...withNote(without(schema, 'anyOf'), { anyOf: branches }), declaredElsewhere };
};

function isPlainObject(branch: Schema, place: Place): boolean {
  const flat = place.flatten(branch);
  if (!isObject(flat)) return flat;
  const type = own(flat, 'type');
  const others = ['$ref', 'additionalProperties', 'anyOf', 'enum', 'patternProperties', 'unevaluatedProperties'];
  return (type === undefined || type === 'object') && others.every((keyword) => !(keyword in flat));
}
