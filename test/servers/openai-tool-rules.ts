import { isObject, listAt, objectAt, RequestFault, textAt, type JsonBody } from './openai-fault.ts';

/** Checks one function, `strict` included, as OpenAI does: the first rule that is broken fails the whole request. */
export function checkFunction(definition: JsonBody, param: string): string {
  const name = textAt(definition['name'], `${param}.name`);
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    throw new RequestFault(
      `Invalid '${param}.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
      `${param}.name`,
    );
  }
  const { description, parameters, strict } = definition;
  if (description !== undefined && description !== null) textAt(description, `${param}.description`);
  if (parameters === undefined) return name;
  const refuse = (what: string): never => {
    throw new RequestFault(`Invalid schema for function '${name}': ${what}`, `${param}.parameters`);
  };
  const root = objectAt(parameters, `${param}.parameters`);
  if (root['type'] !== 'object') refuse(`schema must be a JSON Schema of 'type: "object"'.`);
  if (!isObject(root['properties'])) refuse('In context=(), object schema missing properties.');
  const combined = ['oneOf', 'anyOf', 'allOf', 'enum', 'not'].find((keyword) => keyword in root);
  if (combined !== undefined) refuse(`schema must not have '${combined}' at the top level.`);
  walk(root, '$', root, refuse);
  if (strict === true) walkStrict(root, '$', refuse);
  return name;
}

type Refuse = (what: string) => never;

const schemaMaps = ['properties', '$defs', 'definitions', 'patternProperties'];
const schemaLists = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const schemas = ['items', 'additionalProperties', 'not', 'contains', 'propertyNames', 'if', 'then', 'else'];

function childrenOf(schema: JsonBody, path: string): [path: string, child: unknown][] {
  const children: [string, unknown][] = [];
  for (const key of schemaMaps) {
    for (const [name, child] of Object.entries(objectAt(schema[key] ?? {}, path))) {
      children.push([`${path}.${key}.${name}`, child]);
    }
  }
  for (const key of schemaLists) {
    listAt(schema[key] ?? [], path).forEach((child, index) => children.push([`${path}.${key}[${index}]`, child]));
  }
  for (const key of schemas) if (key in schema) children.push([`${path}.${key}`, schema[key]]);
  return children;
}

function walk(schema: unknown, path: string, root: JsonBody, refuse: Refuse): void {
  if (typeof schema === 'boolean') return;
  if (!isObject(schema)) return refuse(`${JSON.stringify(schema)} is not of type 'object', 'boolean'. At ${path}`);
  const { type, pattern, $ref: reference } = schema;
  const types = Array.isArray(type) ? type : [type];
  if (types.includes('array') && !('items' in schema)) refuse(`array schema missing items. At ${path}`);
  for (const key of ['exclusiveMinimum', 'exclusiveMaximum', 'minimum', 'maximum']) {
    if (key in schema && typeof schema[key] !== 'number') refuse(`${path}.${key} is not of type 'number'`);
  }
  if (typeof pattern === 'string' && /\(\?<?[=!]/.test(pattern)) {
    refuse(`regex lookaround is not supported. Found at ${path}.pattern`);
  }
  if (reference !== undefined && !resolves(String(reference), root))
    refuse(`reference can only point to definitions. At ${path}`);
  for (const [childPath, child] of childrenOf(schema, path)) walk(child, childPath, root, refuse);
}

function resolves(reference: string, root: JsonBody): boolean {
  if (!reference.startsWith('#')) return false;
  let target: unknown = root;
  for (const step of reference.slice(2).split('/').filter(Boolean))
    target = isObject(target) ? target[step] : undefined;
  return target !== undefined;
}

const banned = (
  'allOf oneOf not if then else dependentRequired dependentSchemas patternProperties propertyNames ' +
  'unevaluatedProperties unevaluatedItems contains minContains maxContains uniqueItems prefixItems ' +
  'minProperties maxProperties default minLength maxLength'
).split(' ');
const formats = ['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid'];

function walkStrict(schema: unknown, path: string, refuse: Refuse): void {
  if (!isObject(schema)) return refuse(`${path} must be an object in strict mode.`);
  const keyword = banned.find((key) => key in schema);
  if (keyword !== undefined) refuse(`'${keyword}' is not permitted. At ${path}`);
  if (!('type' in schema || '$ref' in schema || 'anyOf' in schema)) refuse(`schema must have a 'type' key. At ${path}`);
  if ('$ref' in schema && Object.keys(schema).length > 1) refuse(`$ref cannot have keywords. At ${path}`);
  if ('format' in schema && !formats.includes(String(schema['format']))) refuse(`format is not supported. At ${path}`);
  const { type, properties, required = [], additionalProperties } = schema;
  if (type === 'object' || (Array.isArray(type) && type.includes('object'))) {
    if (additionalProperties !== false)
      refuse(`'additionalProperties' is required to be supplied and to be false. At ${path}`);
    const keys = Object.keys(objectAt(properties ?? {}, path)).toSorted();
    const names = listAt(required, path).map(String).toSorted();
    if (keys.join() !== names.join()) {
      refuse(`'required' is required to be supplied and to be an array including every key in properties. At ${path}`);
    }
  }
  const children = childrenOf(schema, path).filter(([childPath]) => childPath !== `${path}.additionalProperties`);
  for (const [childPath, child] of children) walkStrict(child, childPath, refuse);
}
