import type { JsonObject } from '@toolwire/client-core';
import { eitherOf } from './either.ts';
import { isVacuous, listAt, objectAt, own, type Schema } from './json.ts';
import type { Encoding, Place } from './rewrite.ts';

/** The properties that an object has by name, and the schema of all others; false when there are none. */
export interface ObjectShape {
  readonly named: JsonObject;
  readonly required: ReadonlySet<string>;
  readonly others: Schema;
  /** True when the schema does not say whether there are others. */
  readonly isUndecided: boolean;
}

/** Reads the keywords for the members of an object. Who names some properties and is silent about others means these. */
export function objectShape(schema: JsonObject, place: Place): ObjectShape {
  const required = new Set(listAt(schema, 'required') as string[]);
  const byPattern = Object.values(objectAt(schema, 'patternProperties')) as Schema[];
  const explicit = (own(schema, 'additionalProperties') ?? own(schema, 'unevaluatedProperties')) as Schema | undefined;
  const isUndecided = explicit === undefined && byPattern.length === 0;
  const isFreeForm = Object.keys(objectAt(schema, 'properties')).length + byPattern.length === 0 && !place.isRoot;
  // What only a condition names goes with the others, where others are allowed.
  const isClosed = explicit === undefined && !isFreeForm;
  const properties = objectAt(schema, 'properties');
  const named = isClosed ? { ...properties, ...objectAt(schema, 'declaredElsewhere'), ...properties } : properties;
  const others = isUndecided ? isFreeForm : eitherOf([...byPattern, ...(explicit === undefined ? [] : [explicit])]);
  if (isFreeForm && others !== false) return { named, required: new Set(), others, isUndecided: false };
  const undeclared = [...required].filter((key) => !Object.hasOwn(named, key));
  const asked = undeclared.map((key) => [key, isUndecided ? true : others] as const);
  return { named: { ...named, ...Object.fromEntries(asked) }, required, others, isUndecided };
}

/** How the values of a flattened schema have to be written, if not as they are. */
export function encodingOf(schema: Schema, place: Place): Encoding | undefined {
  if (typeof schema === 'boolean' || schema['type'] !== 'object') return undefined;
  const { named, others } = objectShape(schema, place);
  if (others === false || Object.keys(named).length > 0) return undefined;
  return isVacuous(others) ? 'json_text' : 'entries';
}
