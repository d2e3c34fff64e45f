import { findSchemaViolation } from '@toolwire/client-core';

type Json = Record<string, unknown>;

/** Thrown where the converted schema has no place for a value; often, so that it is made only once. */
export const cannotWrite: Error = new Error('The converted schema has no place for this.');

/** Writes arguments as a model does that sees nothing but the converted parameters and obeys them to the letter. */
export function writeArguments(parameters: Json, args: Json, isStrict: boolean): unknown {
  return isStrict ? writeStrictly(parameters, args) : writeLoosely(parameters, args);
}

// The arguments as they are, but for the names that the descriptions give to properties.
function writeLoosely(parameters: Json, args: Json): unknown {
  const names = new Map<string, string>();
  JSON.stringify(parameters, (key, part: unknown) => {
    const original = isObject(part) ? /^\((.*?)\)/.exec(String(part['description']))?.[1] : undefined;
    if (original !== undefined && key.startsWith(original.replaceAll(/[^\w.-]+/g, '_').replace(/^_/, '')))
      names.set(original, key);
    return part;
  });
  const renamed = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(renamed);
    if (!isObject(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [names.get(key) ?? key, renamed(value)]));
  };
  const written = renamed(args);
  const [only = '', ...others] = Object.keys(parameters['properties'] as Json);
  const isWrapped = others.length === 0 && parameters['additionalProperties'] === false;
  const candidates = isWrapped ? [written, { [only]: written }] : [written];
  const fitting = candidates.find((each) => findSchemaViolation(parameters, each) === undefined);
  if (fitting === undefined) throw cannotWrite;
  return fitting;
}

function writeStrictly(parameters: Json, args: Json): unknown {
  const write = (schema: Json, value: unknown, above = ''): unknown => {
    const description = `${above}${String(schema['description'] ?? '')}`;
    if (typeof schema['$ref'] === 'string') return write(resolve(schema['$ref']), value, description);
    if (Array.isArray(schema['anyOf'])) return bestOf(schema['anyOf'] as Json[], value, description);
    const written = writeAs(schema, value, description);
    if (!fits(schema, written)) throw cannotWrite;
    return written;
  };

  function resolve(reference: string): Json {
    return reference === '#' ? parameters : ((parameters['$defs'] as Json)[reference.slice('#/$defs/'.length)] as Json);
  }

  function fits(schema: Json, value: unknown): boolean {
    return findSchemaViolation({ ...schema, $defs: parameters['$defs'] }, value) === undefined;
  }

  // Of several alternatives, the one that leaves the least out.
  function bestOf(branches: readonly Json[], value: unknown, description: string): unknown {
    let best: { written: unknown; nulls: number } | undefined;
    for (const branch of branches) {
      try {
        const written = write(branch, value, description);
        const nulls = JSON.stringify(written).split(':null').length;
        if (best === undefined || nulls < best.nulls) best = { written, nulls };
      } catch (error) {
        if (error !== cannotWrite) throw error;
      }
    }
    if (best === undefined) throw cannotWrite;
    return best.written;
  }

  function writeAs(schema: Json, value: unknown, description: string): unknown {
    if (
      [schema['type']].flat().includes('string') &&
      /A JSON object, written as text|JSON text of an object/.test(description)
    ) {
      if (isObject(value)) return JSON.stringify(value);
      throw cannotWrite;
    }
    if (Array.isArray(schema['enum']) && description.includes('The JSON text of the value.'))
      return (schema['enum'] as string[]).find((text) => isSame(JSON.parse(text), value));
    if (schema['type'] === 'array' && isObject(value) && description.includes('a list of its keys and values'))
      return Object.entries(value).map((entry) => write(schema['items'] as Json, { key: entry[0], value: entry[1] }));
    if (schema['type'] === 'array' && Array.isArray(value))
      return value.map((item) => write(schema['items'] as Json, item));
    return isObject(schema['properties']) ? writeObject(schema, schema['properties'], value) : value;
  }

  function writeObject(schema: Json, properties: Json, value: unknown): unknown {
    const [only = '', ...more] = Object.keys(properties);
    if (more.length === 0 && isTag(only, properties[only] as Json | undefined))
      return { [only]: write(properties[only] as Json, value) };
    if (!isObject(value)) return value;
    const written = new Map<string, unknown>();
    const others = { ...value };
    let othersKey: string | undefined;
    for (const [key, property] of Object.entries(properties) as [string, Json][]) {
      const description = String(property['description'] ?? '');
      if (description.startsWith('The other properties of this object')) {
        othersKey = key;
        continue;
      }
      const original = Object.keys(others).find((each) => each === key || description.startsWith(`(${each})`));
      if (original === undefined) {
        if ((schema['required'] as string[] | undefined)?.includes(key) === true) written.set(key, null);
        continue;
      }
      written.set(key, others[original] === null ? writeNull(property) : write(property, others[original]));
      delete others[original];
    }
    if (othersKey !== undefined)
      written.set(othersKey, Object.keys(others).length === 0 ? null : write(properties[othersKey] as Json, others));
    else if (Object.keys(others).length > 0) throw cannotWrite;
    return Object.fromEntries(written);
  }

  function isTag(key: string, schema: Json | undefined): boolean {
    const inner = schema && { ...(typeof schema['$ref'] === 'string' ? resolve(schema['$ref']) : schema) };
    if (Array.isArray(inner?.['anyOf'])) return isTag(key, inner['anyOf'][0] as Json);
    const description = String(inner?.['description'] ?? '');
    return (
      (key === 'json_text' && inner?.['type'] === 'string' && /JSON (?:object, written|text of)/.test(description)) ||
      (key === 'entries' && description.includes('a list of its keys and values'))
    );
  }

  // "null itself leaves the property out": one that is meant is said so.
  function writeNull(property: Json): unknown {
    const branches = Array.isArray(property['anyOf']) ? (property['anyOf'] as Json[]) : [];
    const isOptional = branches.some((branch) => branch['$ref'] === '#/$defs/explicit_null');
    return isOptional ? { send_null: true } : write(property, null);
  }

  try {
    return write(parameters, args);
  } catch (error) {
    const [only, ...others] = Object.entries(parameters['properties'] as Record<string, Json>);
    if (error !== cannotWrite || only === undefined || others.length > 0) throw error;
    return { [only[0]]: write(only[1], args) };
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
