import type { JsonObject } from '@toolwire/client-core';

/** A JSON Schema, or a part of one. */
export type Schema = JsonObject | boolean;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that is really there: an inherited one does not count. */
export function own(value: JsonObject, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A member that is an object; an empty one when it is anything else. */
export function objectAt(value: JsonObject, key: string): JsonObject {
  const member = own(value, key);
  return isObject(member) ? member : {};
}

/** A member that is a list; an empty one when it is anything else. */
export function listAt(value: JsonObject, key: string): readonly unknown[] {
  const member = own(value, key);
  return Array.isArray(member) ? member : [];
}

export function without(value: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

export function mapValues(value: JsonObject, change: (member: unknown, key: string) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, change(member, key)]));
}

/** The types that a schema names. */
export function typesOf(schema: JsonObject): readonly string[] {
  const type = own(schema, 'type');
  return typeof type === 'string' ? [type] : listAt(schema, 'type').filter((each) => typeof each === 'string');
}

/** The JSON type of a value, as schemas name it. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

/** The same text for equal values, whatever the order of their keys. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isObject(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

// All of 2020-12 that decides whether a value fits, and our own `declaredElsewhere`: properties that only a condition names.
const constraints = new Set(
  `$ref additionalProperties allOf anyOf const contains declaredElsewhere dependentRequired dependentSchemas else enum exclusiveMaximum
  exclusiveMinimum format if items maxContains maxItems maxLength maxProperties maximum minContains minItems minLength
  minProperties minimum multipleOf not oneOf pattern patternProperties prefixItems properties propertyNames required then
  type unevaluatedItems unevaluatedProperties uniqueItems`.split(/\s+/),
);

/** The part of a schema that decides whether a value fits. */
export function constraintsOf(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => constraints.has(keyword)));
}

/** The part of a schema that tells a model what it is about. */
export function textsOf(schema: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schema).filter(([keyword]) => keyword === 'title' || keyword === 'description'),
  );
}

/** True when every value fits. */
export function isVacuous(schema: Schema): boolean {
  return schema !== false && (schema === true || Object.keys(constraintsOf(schema)).length === 0);
}
