import type { JsonObject } from '@toolwire/client-core';
import { canonicalText, listAt, typesOf } from './json.ts';
import type { Rewrite } from './rewrite.ts';
import { tagged } from './tagged.ts';

/** One schema for values of any of these, and how to write a value of each: marked where it looked like another. */
export function joined(rewrites: readonly Rewrite[]): { schema: JsonObject; branches: readonly Rewrite[] } {
  const branches = rewrites.map((rewrite, index) =>
    rewrite.encoding !== undefined && rewrites.some((other, place) => place !== index && looksAlike(rewrite, other))
      ? tagged(rewrite.encoding, rewrite)
      : rewrite,
  );
  const schemas = [...new Map(branches.map(({ schema }) => [canonicalText(schema), schema])).values()];
  const [only] = schemas;
  if (schemas.length === 1 && only !== undefined) return { schema: only, branches };
  const types = schemas.map(plainType);
  return { schema: types.every((type) => type !== undefined) ? { type: types } : { anyOf: schemas }, branches };
}

function looksAlike(one: Rewrite, other: Rewrite): boolean {
  if (canonicalText(one.schema) === canonicalText(other.schema)) return one.encoding !== other.encoding;
  const types = writtenTypes(other.schema);
  return types === undefined || writtenTypes(one.schema)?.some((type) => types.includes(type)) !== false;
}

// Undefined where a reference hides them.
function writtenTypes(schema: JsonObject): readonly string[] | undefined {
  if (!('anyOf' in schema)) return '$ref' in schema ? undefined : typesOf(schema);
  const types = (listAt(schema, 'anyOf') as JsonObject[]).map(writtenTypes);
  return types.every((each) => each !== undefined) ? types.flat() : undefined;
}

function plainType(schema: JsonObject): string | undefined {
  const isPlain = Object.keys(schema).join() === 'type' && !['array', 'object'].includes(String(schema['type']));
  return isPlain && typeof schema['type'] === 'string' ? schema['type'] : undefined;
}
