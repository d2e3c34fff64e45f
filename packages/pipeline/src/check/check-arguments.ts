import type { SchemaViolation } from '@toolwire/client-core';
import { isOpen } from '../expression/template.ts';
import { isObject } from './rules.ts';

/** What a schema says against arguments of which a part is not known yet. */
export interface ArgumentProblem {
  readonly severity: 'error' | 'warning';
  readonly path: readonly string[];
  readonly message: string;
}

type Find = (schema: unknown, value: unknown) => SchemaViolation | undefined;

/** Checks arguments by the `inputSchema` of their tool: a text with `${{ … }}` may become anything, all else is as it is. */
export function checkArguments(
  schema: unknown,
  args: Readonly<Record<string, unknown>>,
  findViolation: Find,
): ArgumentProblem[] {
  const known = withoutOpen(schema, args);
  const violation = findViolation(known.schema, known.value);
  const wrong: ArgumentProblem[] =
    violation === undefined ? [] : [{ severity: 'error', path: firstKey(violation.path), message: violation.message }];
  return [...wrong, ...unknownNames(schema, args)];
}

/** The same, of value and schema, less what is open: whatever the schema says of that cannot be checked yet. */
function withoutOpen(schema: unknown, value: unknown): { schema: unknown; value: unknown } {
  if (!hasOpen(value)) return { schema, value };
  if (!isObject(value) || !isObject(schema)) return { schema: true, value: null };
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const left: Record<string, unknown> = {};
  const leftProperties: Record<string, unknown> = { ...properties };
  const open: string[] = [];
  for (const [key, part] of Object.entries(value)) {
    const inner = withoutOpen(Object.hasOwn(properties, key) ? properties[key] : true, part);
    if (inner.schema === true && hasOpen(part)) {
      open.push(key);
      continue;
    }
    left[key] = inner.value;
    if (Object.hasOwn(properties, key)) leftProperties[key] = inner.schema;
  }
  const { type, required, additionalProperties, $defs, definitions } = schema;
  const names = Array.isArray(required) ? required.filter((name) => !open.includes(String(name))) : undefined;
  const kept = { type, additionalProperties, $defs, definitions, properties: leftProperties, required: names };
  return { schema: Object.fromEntries(Object.entries(kept).filter(([, part]) => part !== undefined)), value: left };
}

function hasOpen(value: unknown): boolean {
  if (typeof value === 'string') return isOpen(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasOpen);
}

/** Schemas that say nothing of other names allow them; most often such a name is a slip. */
function unknownNames(schema: unknown, args: Readonly<Record<string, unknown>>): ArgumentProblem[] {
  if (!isObject(schema) || !isObject(schema['properties']) || schema['additionalProperties'] !== undefined) return [];
  const { properties } = schema;
  const names = Object.keys(properties);
  return Object.keys(args)
    .filter((name) => !Object.hasOwn(properties, name))
    .map((name) => ({
      severity: 'warning',
      path: [name],
      message: `the tool does not say that it takes ${JSON.stringify(name)}; it takes ${names.join(', ')}`,
    }));
}

function firstKey(path: string): string[] {
  const [key = ''] = path.split(/[.[]/);
  return key === '' ? [] : [key];
}
