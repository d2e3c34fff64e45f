import type { Tool } from '@toolwire/client-core';
import { isObject, propertiesOf, readSchema, requiredOf, typesOf } from '../arguments/schema.ts';

const maxNamed = 5;
/** What a token is in English text, on average. */
const charactersPerToken = 4;

/** About how many tokens these tools are to a model. */
export function weightOf(tools: readonly Tool[]): number {
  const sent = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  return Math.ceil(JSON.stringify(sent).length / charactersPerToken);
}

/** Required properties that the schema does not describe. */
export function missingProperties({ inputSchema: root }: Tool): readonly string[] {
  const named = propertiesOf(root, root);
  const missing = requiredOf(root, root).filter((name) => !named.has(name));
  return missing.length === 0 ? [] : [`requires what it does not describe: ${listed(missing)}`];
}

/** References that lead nowhere, or out of the schema: nobody follows those. */
export function brokenReferences({ inputSchema: root }: Tool): readonly string[] {
  const broken = schemasIn(root).flatMap(({ schema }) => {
    const reference = schema['$ref'];
    const isBroken = typeof reference === 'string' && Object.keys(readSchema({ $ref: reference }, root)).length === 0;
    return isBroken && !isEmptyTarget(reference, root) ? [reference] : [];
  });
  return broken.length === 0 ? [] : [`refers to nothing: ${listed([...new Set(broken)])}`];
}

/** Parameters that say nothing of themselves. */
export function undescribed(tool: Tool): readonly string[] {
  return parametersWhere(tool, ({ description }) => typeof description !== 'string' || description.trim() === '');
}

/** Parameters that may be anything. */
export function untyped(tool: Tool): readonly string[] {
  const root = tool.inputSchema;
  return parametersWhere(tool, (schema) => typesOf(schema, root).length === 0);
}

/** How many levels of objects and lists lie in each other. */
export function depthOf(schema: unknown): number {
  return schemasIn(schema).reduce((most, { depth }) => Math.max(most, depth), 0);
}

function parametersWhere(tool: Tool, holds: (schema: Readonly<Record<string, unknown>>) => boolean): readonly string[] {
  const root = tool.inputSchema;
  const parameters = [...propertiesOf(root, root)];
  const found = parameters.filter(([, schema]) => holds(readSchema(schema, root))).map(([name]) => name);
  return found.length === 0 ? [] : [`${found.length} of ${parameters.length}: ${listed(found)}`];
}

interface Placed {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly depth: number;
}

/** Keywords that hold schemas: one, several, or one for each name; the first group lies a level deeper. */
const deeper: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  'additionalProperties',
  'items',
  'prefixItems',
]);
const beside: ReadonlySet<string> = new Set([
  'anyOf',
  'oneOf',
  'allOf',
  'not',
  'if',
  'then',
  'else',
  '$defs',
  'definitions',
]);
const byName: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs', 'definitions']);

/** Every schema within a schema. Iterative: a server may nest as deep as it likes. */
function schemasIn(root: unknown): readonly Placed[] {
  const found: Placed[] = [];
  const open: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value: schema, depth } = next;
    if (!isObject(schema)) continue;
    found.push({ schema, depth });
    for (const [key, value] of Object.entries(schema)) {
      if (!deeper.has(key) && !beside.has(key)) continue;
      const parts = Array.isArray(value) ? value : byName.has(key) && isObject(value) ? Object.values(value) : [value];
      open.push(...parts.map((part: unknown) => ({ value: part, depth: depth + (deeper.has(key) ? 1 : 0) })));
    }
  }
  return found;
}

/** A reference to `{}` is none to nothing. */
function isEmptyTarget(reference: string, root: unknown): boolean {
  const [, ...steps] = reference.split('/');
  let target = root;
  for (const step of steps) target = isObject(target) && Object.hasOwn(target, step) ? target[step] : undefined;
  return reference.startsWith('#') && target !== undefined;
}

function listed(names: readonly string[]): string {
  return [...names.slice(0, maxNamed), ...(names.length > maxNamed ? ['…'] : [])].join(', ');
}
