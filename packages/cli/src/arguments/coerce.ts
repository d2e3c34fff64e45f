import { findSchemaViolation } from '@toolwire/client-core';
import { parseExactNumber } from './exact-number.ts';
import { alternativesOf, isObject, readSchema, typesOf, type SchemaObject } from './schema.ts';

/** What a text became, or what the schema would have liked to see. */
export type Coerced =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly expected: string };

const maxDepth = 8;

const scalars: Readonly<Record<string, (text: string) => Coerced>> = {
  string: (text) => ({ ok: true, value: text }),
  number: (text) => exact(text, 'a number'),
  integer: (text) => exact(text, 'an integer'),
  boolean: (text) => literal(text, { true: true, false: false }, 'true or false'),
  null: (text) => literal(text, { null: null }, 'null'),
};

/**
 * Turns what was written for one property into a value of the type that its schema names, and into a string where the
 * schema names none. The several texts of a repeated flag make an array.
 */
export function coerce(texts: readonly string[], schema: unknown, root: unknown, depth: number = maxDepth): Coerced {
  const read = readSchema(schema, root);
  const { type, enum: values, const: constant, allOf, properties, items } = read;
  const alternatives = alternativesOf(read);
  if (depth === 0) return coerceAs('string', texts, read, root, depth);
  if (Array.isArray(values)) return coerceListed(texts, values);
  if (constant !== undefined) return coerceListed(texts, [constant]);
  if (typeof type === 'string') return coerceAs(type, texts, read, root, depth);
  if (Array.isArray(type))
    return firstThatFits(
      texts,
      type.map((name: unknown) => ({ ...read, type: name })),
      root,
      depth,
    );
  const isTyped = (part: unknown): boolean => typesOf(part, root).length > 0;
  if (alternatives.some(isTyped)) return firstThatFits(texts, alternatives, root, depth);
  const typedPart: unknown = Array.isArray(allOf) ? allOf.find(isTyped) : undefined;
  if (typedPart !== undefined) return coerce(texts, typedPart, root, depth - 1);
  const implied = isObject(properties) ? 'object' : items === undefined ? 'string' : 'array';
  return coerceAs(implied, texts, read, root, depth);
}

function coerceAs(type: string, texts: readonly string[], schema: SchemaObject, root: unknown, depth: number): Coerced {
  if (type === 'array') return coerceArray(texts, schema, root, depth);
  const [text = ''] = texts;
  if (texts.length > 1) return { ok: false, expected: 'one value' };
  if (type === 'object') return parseJson(text, isObject, 'a JSON object');
  // A type that JSON Schema does not have must not make the tool uncallable.
  const scalar = Object.hasOwn(scalars, type) ? scalars[type] : scalars['string'];
  return scalar?.(text) ?? { ok: true, value: text };
}

function coerceArray(texts: readonly string[], schema: SchemaObject, root: unknown, depth: number): Coerced {
  const [only = ''] = texts;
  if (texts.length === 1 && only.trimStart().startsWith('[')) {
    const whole = parseJson(only, Array.isArray, 'a JSON array');
    if (whole.ok) return whole;
  }
  const items: unknown[] = [];
  for (const [index, text] of texts.entries()) {
    const item = coerce([text], itemSchema(schema, index), root, depth - 1);
    if (!item.ok) return { ok: false, expected: `an array of ${item.expected.replace(/^an? /, '')} items` };
    items.push(item.value);
  }
  return { ok: true, value: items };
}

function itemSchema({ prefixItems, items }: SchemaObject, index: number): unknown {
  const tuple: unknown = Array.isArray(prefixItems) ? prefixItems : items;
  if (!Array.isArray(tuple)) return items;
  return index < tuple.length ? tuple[index] : Array.isArray(items) ? undefined : items;
}

function coerceListed(texts: readonly string[], values: readonly unknown[]): Coerced {
  const [text = ''] = texts;
  const found =
    values.find((value) => value === text) ?? values.find((value) => value !== null && spell(value) === text);
  if (texts.length === 1 && found !== undefined) return { ok: true, value: found };
  if (texts.length === 1 && text === 'null' && values.includes(null)) return { ok: true, value: null };
  return { ok: false, expected: values.length === 1 ? spell(values[0]) : `one of ${values.map(spell).join(', ')}` };
}

function firstThatFits(texts: readonly string[], schemas: readonly unknown[], root: unknown, depth: number): Coerced {
  let fallback: Coerced | undefined;
  const expected = new Set<string>();
  for (const schema of schemas) {
    const coerced = coerce(texts, schema, root, depth - 1);
    if (!coerced.ok) expected.add(coerced.expected);
    else if (findSchemaViolation(withDefinitions(schema, root), coerced.value) === undefined) return coerced;
    else fallback ??= coerced;
  }
  return fallback ?? { ok: false, expected: [...expected].join(' or ') };
}

/** Lets a part of a schema stand alone: its references point into the definitions of the whole. */
function withDefinitions(schema: unknown, root: unknown): unknown {
  if (!isObject(schema) || !isObject(root)) return schema;
  const { $defs, definitions } = root;
  return {
    ...($defs === undefined ? {} : { $defs }),
    ...(definitions === undefined ? {} : { definitions }),
    ...schema,
  };
}

function exact(text: string, expected: string): Coerced {
  const value = parseExactNumber(text);
  return value === undefined ? { ok: false, expected } : { ok: true, value };
}

function literal(text: string, values: Readonly<Record<string, unknown>>, expected: string): Coerced {
  const word = text.trim();
  return Object.hasOwn(values, word) ? { ok: true, value: values[word] } : { ok: false, expected };
}

function parseJson(text: string, isWanted: (value: unknown) => boolean, expected: string): Coerced {
  try {
    const value: unknown = JSON.parse(text);
    return isWanted(value) ? { ok: true, value } : { ok: false, expected };
  } catch {
    return { ok: false, expected };
  }
}

function spell(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
