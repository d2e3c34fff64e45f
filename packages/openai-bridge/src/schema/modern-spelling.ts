import type { JsonObject } from '@toolwire/client-core';
import type { CleanRule } from './clean-rule.ts';
import { listAt, objectAt, own, typesOf, without } from './json.ts';

/** A2: what older drafts, OpenAPI and people write, as 2020-12 has it. */
export const modernSpelling: CleanRule = (schema, { lose }) => {
  const steps = [strictLimits, tuples, dependencies, dynamicReferences, nullable];
  const modern = steps.reduce((current, step) => step(current), schema);
  const types = typesOf(modern);
  const known = types.map((type) => typeAliases.get(type.toLowerCase()) ?? type);
  if (known.join() === types.join()) return modern;
  lose('narrowed', 'type', `"${types.join(', ')}" is no type of JSON Schema; it is read as "${known.join(', ')}".`);
  return { ...modern, type: known.length === 1 ? known[0] : [...new Set(known)] };
};

const typeAliases = new Map(
  Object.entries({
    string: ['str', 'string', 'text'],
    integer: ['int', 'integer', 'int32', 'int64', 'long'],
    number: ['number', 'float', 'double', 'decimal'],
    boolean: ['bool', 'boolean'],
    object: ['object', 'dict', 'map'],
    array: ['array', 'list'],
    null: ['null', 'none'],
  }).flatMap(([type, aliases]) => aliases.map((alias) => [alias, type] as const)),
);

// Draft-04: `exclusiveMinimum: true` belongs to `minimum`.
function strictLimits(schema: JsonObject): JsonObject {
  let result = schema;
  for (const [limit, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    if (typeof own(result, exclusive) !== 'boolean') continue;
    const isStrict = result[exclusive] === true && typeof own(result, limit) === 'number';
    const rest = without(result, exclusive);
    result = isStrict ? { ...without(rest, limit), [exclusive]: result[limit] } : rest;
  }
  return result;
}

// Draft-07: `items` as a list, `additionalItems` for the others.
function tuples(schema: JsonObject): JsonObject {
  const rest = without(schema, 'additionalItems');
  if (!Array.isArray(own(schema, 'items'))) return rest;
  const { items: prefixItems, ...others } = rest;
  const additional = own(schema, 'additionalItems');
  return {
    ...others,
    ...(listAt(rest, 'items').length > 0 && { prefixItems }),
    ...(additional !== undefined && { items: additional }),
  };
}

// Draft-07: `dependencies` holds lists of names and schemas.
function dependencies(schema: JsonObject): JsonObject {
  const entries = Object.entries(objectAt(schema, 'dependencies'));
  const rest = without(schema, 'dependencies');
  if (entries.length === 0) return rest;
  const lists = Object.fromEntries(entries.filter(([, value]) => Array.isArray(value)));
  const schemas = Object.fromEntries(entries.filter(([, value]) => !Array.isArray(value)));
  return {
    ...rest,
    dependentRequired: { ...lists, ...objectAt(schema, 'dependentRequired') },
    dependentSchemas: { ...schemas, ...objectAt(schema, 'dependentSchemas') },
  };
}

// In a schema that stands alone, a dynamic reference leads where a plain one does.
function dynamicReferences(schema: JsonObject): JsonObject {
  const { $dynamicRef, $recursiveRef, ...rest } = schema;
  const reference = $dynamicRef ?? $recursiveRef;
  return reference === undefined ? schema : { $ref: reference, ...rest };
}

const annotations = new Set(['default', 'description', 'title']);

// OpenAPI 3.0.
function nullable(schema: JsonObject): JsonObject {
  const { nullable: isNullable, ...rest } = schema;
  if (isNullable !== true) return rest;
  const types = typesOf(rest);
  const listsValues = ['enum', 'const', '$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'if'].some((key) => key in rest);
  if (types.length > 0 && !listsValues) return { ...rest, type: [...new Set([...types, 'null'])] };
  if (types.length === 0 && !listsValues) return rest;
  const outside = Object.entries(rest).filter(([key]) => annotations.has(key));
  return { ...Object.fromEntries(outside), anyOf: [without(rest, ...annotations), { type: 'null' }] };
}
