import type { JsonObject } from '@toolwire/client-core';

/** Something that stands where a schema belongs, and how one gets there: `.properties.limit`. */
export interface Part {
  readonly schema: unknown;
  readonly path: string;
}

const holdsOne = new Set(
  `additionalItems additionalProperties contains else if items not propertyNames then unevaluatedItems
  unevaluatedProperties`.split(/\s+/),
);
const holdsList = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const holdsMap = new Set(['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties']);

/** Everything in `parameters` that stands where a schema belongs, itself first. */
export function everySchema(parameters: unknown): Part[] {
  const parts: Part[] = [{ schema: parameters, path: '' }];
  for (const part of parts) parts.push(...partsOf(part));
  return parts;
}

/** What stands directly inside one schema where a schema belongs. */
export function partsOf({ schema, path }: Part): Part[] {
  if (!isRecord(schema)) return [];
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const at = `${path}.${keyword}`;
    if (holdsOne.has(keyword)) return [{ schema: value, path: at }];
    if (holdsList.has(keyword) && Array.isArray(value))
      return value.map((inner: unknown, index) => ({ schema: inner, path: `${at}[${index}]` }));
    if (holdsMap.has(keyword) && isRecord(value))
      return Object.entries(value).map(([name, inner]) => ({ schema: inner, path: `${at}.${name}` }));
    return [];
  });
}

export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a schema names this type. */
export function hasType(schema: JsonObject, type: string): boolean {
  const named: unknown = schema['type'];
  return named === type || (Array.isArray(named) && named.includes(type));
}
