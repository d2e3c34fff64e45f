import type { JsonObject } from '@toolwire/client-core';
import { eitherOf } from './either.ts';
import { isObject, listAt, objectAt, own, type Schema } from './json.ts';
import { targetName } from './local-references.ts';

/** The properties that a schema speaks of, itself or in its alternatives and conditions. */
export function declaredProperties(schema: unknown, definitions: ReadonlyMap<string, Schema>): Map<string, Schema[]> {
  const found = new Map<string, Schema[]>();
  const pending: unknown[] = [schema];
  const seen = new Set<unknown>();
  for (const part of pending) {
    if (!isObject(part) || seen.has(part)) continue;
    seen.add(part);
    for (const [key, property] of Object.entries(objectAt(part, 'properties')))
      found.set(key, [...(found.get(key) ?? []), property as Schema]); // Cleaned: a schema.
    // What a condition asks of a property is no limit to what it may be.
    for (const key of Object.keys(objectAt(objectAt(part, 'if'), 'properties'))) found.set(key, [true]);
    for (const key of [...listAt(part, 'required'), ...listAt(objectAt(part, 'if'), 'required')] as string[])
      if (!Object.hasOwn(objectAt(part, 'properties'), key)) found.set(key, [...(found.get(key) ?? []), true]);
    pending.push(definitions.get(targetName(part) ?? ''), own(part, 'then'), own(part, 'else'));
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) pending.push(...listAt(part, keyword));
    pending.push(...Object.values(objectAt(part, 'dependentSchemas')));
  }
  return found;
}

/** Adds the declared properties that `properties` does not have; each may be what any declaration of it says. */
export function adopt(properties: JsonObject, declared: ReadonlyMap<string, Schema[]>): JsonObject {
  const added = [...declared].filter(([key]) => !Object.hasOwn(properties, key));
  return { ...properties, ...Object.fromEntries(added.map(([key, schemas]) => [key, eitherOf(schemas)])) };
}
