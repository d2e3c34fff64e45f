import type { Tool } from '@toolwire/client-core';
import { isObject, propertiesOf, readSchema, requiredOf, typesOf } from '../arguments/schema.ts';
import { sanitize, sanitizeLine } from './sanitize.ts';

const maxShownOptional = 6;
const maxListed = 8;

/** How a tool is called, in one line. */
export function formatSignature(tool: Tool, command: string = 'tools call'): string {
  const root = tool.inputSchema;
  const required = new Set(requiredOf(root, root));
  const properties = [...propertiesOf(root, root)].toSorted(
    ([a], [b]) => Number(required.has(b)) - Number(required.has(a)),
  );
  const optional = properties.filter(([name]) => !required.has(name)).length;
  const shown = optional > maxShownOptional ? properties.filter(([name]) => required.has(name)) : properties;
  const words = shown.map(([name, schema]) => {
    const word = formatFlag(name, schema, root);
    return required.has(name) ? word : `[${word}]`;
  });
  if (shown.length < properties.length) words.push(`[--key value …]`);
  return ['mcp', command, sanitizeLine(tool.name), ...words].join(' ');
}

/** Everything a caller needs to know about a tool: its description, its arguments and an example of each spelling. */
export function formatToolUsage(tool: Tool, command?: string): string {
  const sections = [
    `Usage: ${formatSignature(tool, command)}`,
    sanitize(tool.description ?? tool.title ?? '').trim(),
    formatArguments(tool),
    formatAnnotations(tool),
    'Any argument may also be written key=value, key:=json or key=@file; all of them as --input JSON, @file or -.',
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** The type of a property in few words: `integer`, `json|csv`; for an array that of its items. */
export function describeType(schema: unknown, root: unknown): string {
  const { enum: values, const: constant, items } = readSchema(schema, root);
  const listed: readonly unknown[] | undefined = Array.isArray(values)
    ? values
    : constant === undefined
      ? undefined
      : [constant];
  if (listed !== undefined) {
    const words = listed
      .slice(0, maxListed)
      .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
    return sanitizeLine([...words, ...(listed.length > maxListed ? ['…'] : [])].join('|'));
  }
  const types = typesOf(schema, root).filter((type) => type !== 'null');
  if (types.length === 0) return 'value';
  return types.map((type) => (type === 'array' ? describeArray(items, root) : sanitizeLine(type))).join('|');
}

function describeArray(items: unknown, root: unknown): string {
  return isObject(items) ? describeType(items, root) : 'value';
}

function formatFlag(name: string, schema: unknown, root: unknown): string {
  const shown = sanitizeLine(name);
  // A name with a space or `=` in it cannot be a flag, but can be the left side of key=value.
  if (!/^[^\s=-][^\s=]*$/.test(name)) return `'${shown}=<${describeType(schema, root)}>'`;
  if (isOnly('boolean', schema, root)) return `--${shown}`;
  return `--${shown} <${describeType(schema, root)}>${isOnly('array', schema, root) ? ' …' : ''}`;
}

function isOnly(wanted: string, schema: unknown, root: unknown): boolean {
  const types = typesOf(schema, root).filter((type) => type !== 'null');
  return types.length > 0 && types.every((type) => type === wanted);
}

function formatArguments(tool: Tool): string {
  const root = tool.inputSchema;
  const properties = [...propertiesOf(root, root)];
  if (properties.length === 0) return 'Arguments: none';
  const required = new Set(requiredOf(root, root));
  const flags = properties.map(([name, schema]) => formatFlag(name, schema, root));
  const width = Math.min(36, Math.max(...flags.map((flag) => flag.length)));
  const lines = properties.map(([name, property], index) => {
    const { description, default: fallback } = readSchema(property, root);
    const notes = [
      typeof description === 'string' ? sanitizeLine(description) : '',
      required.has(name) ? '(required)' : '',
      fallback === undefined ? '' : sanitizeLine(`(default ${JSON.stringify(fallback)})`),
    ];
    return `  ${(flags[index] ?? '').padEnd(width)}  ${notes.filter((note) => note !== '').join(' ')}`.trimEnd();
  });
  return ['Arguments:', ...lines].join('\n');
}

const annotationTexts = {
  readOnlyHint: ['changes nothing', 'may change things'],
  destructiveHint: ['may destroy things', 'destroys nothing'],
  idempotentHint: ['may be repeated safely', ''],
  openWorldHint: ['reaches beyond its server', ''],
} as const;

function formatAnnotations(tool: Tool): string {
  const annotations: unknown = tool.annotations;
  if (!isObject(annotations)) return '';
  const claims = Object.entries(annotationTexts).flatMap(([hint, [whenTrue, whenFalse]]) => {
    const value = annotations[hint];
    return value === true ? [whenTrue] : value === false && whenFalse !== '' ? [whenFalse] : [];
  });
  return claims.length === 0 ? '' : `The server says: ${claims.join(', ')}.`;
}
