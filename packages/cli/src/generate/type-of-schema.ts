import { isObject } from '../arguments/schema.ts';
import { comment, propertyName, quoted } from './source-text.ts';

/** Deeper than any schema that somebody wrote. */
const maxDepth = 40;

/** How the schemas that are referred to are called. */
export type NameOf = (reference: string) => string | undefined;

/** The TypeScript type of the values that a JSON Schema lets through, or of more: what TypeScript cannot say is left out. */
export function typeOfSchema(schema: unknown, nameOf: NameOf, depth = 0): string {
  if (schema === false) return 'never';
  if (!isObject(schema) || depth > maxDepth) return 'unknown';
  const inner = (part: unknown): string => typeOfSchema(part, nameOf, depth + 1);
  const parts = [
    ...(typeof schema['$ref'] === 'string' ? [nameOf(schema['$ref']) ?? 'unknown'] : []),
    ...['anyOf', 'oneOf'].map((keyword) => union(listOf(schema[keyword]).map(inner))),
    ...listOf(schema['allOf']).map(inner),
    ownType(schema, nameOf, depth),
  ].filter((part) => part !== '' && part !== 'unknown');
  const type =
    parts.length === 0
      ? 'unknown'
      : [...new Set(parts)].map((part, _, all) => (all.length > 1 ? grouped(part) : part)).join(' & ');
  return schema['nullable'] === true ? union([type, 'null']) : type;
}

/** What the schema says by itself, besides its references and branches. */
function ownType(schema: Readonly<Record<string, unknown>>, nameOf: NameOf, depth: number): string {
  if ('const' in schema) return literal(schema['const']);
  if (Array.isArray(schema['enum'])) return union(schema['enum'].map(literal));
  const type = schema['type'] ?? impliedType(schema);
  const types = Array.isArray(type) ? type : [type];
  return union(types.map((each: unknown) => ofType(each, schema, nameOf, depth)));
}

const plainTypes: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
};

function ofType(type: unknown, schema: Readonly<Record<string, unknown>>, nameOf: NameOf, depth: number): string {
  if (type === 'object') return objectType(schema, nameOf, depth);
  if (type === 'array') return arrayType(schema, nameOf, depth);
  return typeof type === 'string' && Object.hasOwn(plainTypes, type) ? (plainTypes[type] ?? 'unknown') : 'unknown';
}

function impliedType(schema: Readonly<Record<string, unknown>>): string | undefined {
  if ('properties' in schema || 'additionalProperties' in schema) return 'object';
  return 'items' in schema || 'prefixItems' in schema ? 'array' : undefined;
}

function objectType(schema: Readonly<Record<string, unknown>>, nameOf: NameOf, depth: number): string {
  const { properties, additionalProperties: rest } = schema;
  const required = new Set(listOf(schema['required']).filter((name) => typeof name === 'string'));
  const named = new Map(isObject(properties) ? Object.entries(properties) : []);
  for (const name of required) if (!named.has(name)) named.set(name, true);
  const others = typeOfSchema(rest, nameOf, depth + 1);
  if (named.size === 0) {
    if (rest === false) return 'Record<string, never>';
    return others === 'unknown' ? 'Record<string, unknown>' : `{ [key: string]: ${others} }`;
  }
  const lines = [...named].flatMap(([name, property]) => [
    ...comment(isObject(property) ? property['description'] : undefined),
    `${propertyName(name)}${required.has(name) ? '' : '?'}: ${typeOfSchema(property, nameOf, depth + 1)};`,
  ]);
  if (rest !== undefined && rest !== false) lines.push('[key: string]: unknown;');
  return `{\n${lines.join('\n').replaceAll(/^(?=.)/gm, '  ')}\n}`;
}

function arrayType(schema: Readonly<Record<string, unknown>>, nameOf: NameOf, depth: number): string {
  const { items, minItems } = schema;
  const first = Array.isArray(items) ? items : listOf(schema['prefixItems']);
  const rest = Array.isArray(items) ? schema['additionalItems'] : items;
  if (first.length === 0) return `${grouped(typeOfSchema(rest, nameOf, depth + 1))}[]`;
  const needed = typeof minItems === 'number' ? minItems : 0;
  const elements = first.map((each: unknown, index) => {
    const type = typeOfSchema(each, nameOf, depth + 1);
    return index < needed ? type : `(${type})?`;
  });
  const others = rest === false ? [] : [`...${grouped(typeOfSchema(rest, nameOf, depth + 1))}[]`];
  return `[${[...elements, ...others].join(', ')}]`;
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (!isObject(value)) return typeof value === 'string' ? quoted(value) : JSON.stringify(value);
  const entries = Object.entries(value).map(([key, part]) => `${propertyName(key)}: ${literal(part)}`);
  return entries.length === 0 ? 'Record<string, never>' : `{ ${entries.join('; ')} }`;
}

function union(types: readonly string[]): string {
  const all = [...new Set(types)];
  return all.includes('unknown') ? 'unknown' : all.map((type) => (all.length > 1 ? grouped(type) : type)).join(' | ');
}

/** A name, a text or an object, or lists of one: the lines in an object are indented. */
const single: RegExp = /^(?:[\p{L}\p{N}_$.]+|'(?:[^'\\]|\\.)*'|\{\n(?: .*\n|\n)*\})(?:\[\])*$/u;

/** In parentheses, unless it holds together by itself. */
function grouped(type: string): string {
  return single.test(type) ? type : `(${type})`;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
