/** A JSON Schema object whose keywords are read with care: it comes from a server. */
export type SchemaObject = Readonly<Record<string, unknown>>;

const maxReferences = 16;
const maxDepth = 4;

/** `schema` as an object, its local `$ref`s followed within `root`; `{}` for anything that says nothing. */
export function readSchema(schema: unknown, root: unknown, references: number = maxReferences): SchemaObject {
  if (!isObject(schema)) return {};
  const { $ref: reference, ...siblings } = schema;
  if (typeof reference !== 'string' || references === 0) return schema;
  return { ...readSchema(followPointer(reference, root), root, references - 1), ...siblings };
}

/** The properties that an object schema names, also in its branches; own keys only. */
export function propertiesOf(schema: unknown, root: unknown, depth: number = maxDepth): ReadonlyMap<string, unknown> {
  const { properties, ...rest } = readSchema(schema, root);
  const named = new Map(isObject(properties) ? Object.entries(properties) : []);
  if (depth === 0) return named;
  for (const [name, alternatives] of branchProperties(rest, root, depth)) {
    if (!named.has(name)) named.set(name, alternatives.length === 1 ? alternatives[0] : { anyOf: alternatives });
  }
  return named;
}

/** Whether the schema leaves room for names that it does not list. */
export function isOpen(schema: unknown, root: unknown): boolean {
  const { additionalProperties, patternProperties, unevaluatedProperties } = readSchema(schema, root);
  const explicit = [additionalProperties, unevaluatedProperties].some((rule) => rule === true || isObject(rule));
  const closed = additionalProperties === false || unevaluatedProperties === false;
  return explicit || isObject(patternProperties) || (!closed && !hasProperties(schema, root));
}

/** The names in `required`, as far as they are names. */
export function requiredOf(schema: unknown, root: unknown): readonly string[] {
  const { required } = readSchema(schema, root);
  return Array.isArray(required) ? required.filter((name): name is string => typeof name === 'string') : [];
}

/** The types that a value may have, in the order of the schema; empty when it does not say. */
export function typesOf(schema: unknown, root: unknown, depth: number = maxDepth): readonly string[] {
  const { type, enum: values, const: constant, properties, items, ...rest } = readSchema(schema, root);
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return type.filter((name): name is string => typeof name === 'string');
  if (Array.isArray(values)) return [...new Set(values.map(typeOfValue))];
  if (constant !== undefined) return [typeOfValue(constant)];
  const branches = depth === 0 ? [] : branchesOf(rest).flatMap((branch) => typesOf(branch, root, depth - 1));
  if (branches.length > 0) return [...new Set(branches)];
  if (isObject(properties)) return ['object'];
  return items === undefined ? [] : ['array'];
}

/** The alternatives of a schema that has any: `anyOf`, else `oneOf`. */
export function alternativesOf(schema: SchemaObject): readonly unknown[] {
  for (const alternatives of [schema['anyOf'], schema['oneOf']]) {
    if (Array.isArray(alternatives) && alternatives.length > 0) return alternatives;
  }
  return [];
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function branchesOf(schema: SchemaObject): readonly unknown[] {
  const lists = [schema['allOf'], schema['anyOf'], schema['oneOf']].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
  return [...lists, schema['then'], schema['else']].filter(isObject);
}

function branchProperties(schema: SchemaObject, root: unknown, depth: number): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>();
  for (const branch of branchesOf(schema)) {
    for (const [name, property] of propertiesOf(branch, root, depth - 1)) {
      found.set(name, [...(found.get(name) ?? []), property]);
    }
  }
  return found;
}

function hasProperties(schema: unknown, root: unknown): boolean {
  return isObject(readSchema(schema, root)['properties']) || propertiesOf(schema, root).size > 0;
}

function typeOfValue(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function followPointer(reference: string, root: unknown): unknown {
  // Only within the document: a schema must not make the command fetch anything.
  if (!reference.startsWith('#')) return undefined;
  let target = root;
  for (const step of reference.slice(1).split('/').slice(1)) {
    const key = decodeStep(step);
    if (typeof target !== 'object' || target === null || !Object.hasOwn(target, key)) return undefined;
    target = Reflect.get(target, key);
  }
  return target;
}

function decodeStep(step: string): string {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return step;
  }
}
