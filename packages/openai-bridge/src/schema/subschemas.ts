import type { JsonObject } from '@toolwire/client-core';
import { isObject, mapValues } from './json.ts';

const inOne = `additionalProperties contains contentSchema else if items not propertyNames then unevaluatedItems
  unevaluatedProperties`.split(/\s+/);
const inList = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const inMap = ['dependentSchemas', 'patternProperties', 'properties'];

/** Replaces every schema directly inside `schema`; `path` is how one gets there, like `properties.name`. */
export function mapSubschemas(schema: JsonObject, change: (subschema: unknown, path: string) => unknown): JsonObject {
  return mapValues(schema, (value, keyword) => {
    if (inOne.includes(keyword)) return change(value, keyword);
    if (inList.includes(keyword) && Array.isArray(value))
      return value.map((each, index) => change(each, `${keyword}[${index}]`));
    if (inMap.includes(keyword) && isObject(value))
      return mapValues(value, (each, name) => change(each, `${keyword}.${name}`));
    return value;
  });
}
