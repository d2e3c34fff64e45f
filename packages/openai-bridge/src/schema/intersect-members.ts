import { findSchemaViolation, type JsonObject } from '@toolwire/client-core';
import { both } from './both.ts';
import { mapValues, objectAt, own } from './json.ts';

/** The keywords for the members of objects that fit both schemas. */
export function intersectMembers(one: JsonObject, other: JsonObject): JsonObject {
  const keys = Object.keys({ ...objectAt(one, 'properties'), ...objectAt(other, 'properties') });
  const properties = keys.map((key) => [key, both(memberOf(one, key), memberOf(other, key))] as const);
  const patterns = { ...patternsBeside(other, one), ...patternsBeside(one, other) };
  const patternProperties = mapValues(patterns, (_schema, pattern) =>
    both(own(objectAt(one, 'patternProperties'), pattern), own(objectAt(other, 'patternProperties'), pattern)),
  );
  const isAbout = (keyword: string): boolean => keyword in one || keyword in other;
  return {
    ...(isAbout('properties') && { properties: Object.fromEntries(properties) }),
    ...(isAbout('patternProperties') && { patternProperties }),
    ...(isAbout('additionalProperties') && {
      additionalProperties: both(own(one, 'additionalProperties'), own(other, 'additionalProperties')),
    }),
  };
}

function memberOf(schema: JsonObject, key: string): unknown {
  const matching = Object.entries(objectAt(schema, 'patternProperties')).filter(
    ([pattern]) => findSchemaViolation({ pattern }, key) === undefined,
  );
  const named = own(objectAt(schema, 'properties'), key);
  if (named === undefined && matching.length === 0) return own(schema, 'additionalProperties');
  return matching.reduce<unknown>((current, [, member]) => both(current, member), named);
}

// Beside a schema that admits no others, only the properties that it names itself are left.
function patternsBeside(schema: JsonObject, other: JsonObject): JsonObject {
  return own(other, 'additionalProperties') === false && !('patternProperties' in other)
    ? {}
    : objectAt(schema, 'patternProperties');
}
