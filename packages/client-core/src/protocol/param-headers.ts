import { isObject, type JsonObject } from './jsonrpc.ts';
import { encodeHeaderValue } from './revision-2026-07-28.ts';

/** An argument that a tool wants repeated as the header `Mcp-Param-{name}` (2026-07-28, Streamable HTTP). */
export interface ParamHeader {
  name: string;
  path: readonly string[];
}

const annotation = 'x-mcp-header';
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const allowedTypes: readonly unknown[] = ['string', 'integer', 'boolean'];
const maxDepth = 128;

/** The header annotations of an `inputSchema`, or why they are not valid: such a tool must not be offered over HTTP. */
export function paramHeaders(inputSchema: unknown): { headers: ParamHeader[] } | { fault: string } {
  const headers: ParamHeader[] = [];
  const seen = new Set<string>();
  const pending: { node: unknown; path: readonly string[]; viaProperties: boolean }[] = [
    { node: inputSchema, path: [], viaProperties: true },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, path, viaProperties } = next;
    if (Array.isArray(node)) {
      pending.push(...node.map((item) => ({ node: item as unknown, path, viaProperties: false })));
      continue;
    }
    if (!isObject(node)) continue;
    if (path.length > maxDepth) return { fault: `the schema is nested deeper than ${maxDepth} levels` };
    const fault = Object.hasOwn(node, annotation) ? faultOf(node, path, viaProperties, seen) : undefined;
    if (fault !== undefined) return { fault: `${path.join('.') || 'the schema itself'}: ${fault}` };
    if (Object.hasOwn(node, annotation)) headers.push({ name: node[annotation] as string, path });
    for (const [keyword, child] of Object.entries(node)) {
      if (keyword === 'properties' && isObject(child)) {
        for (const [key, property] of Object.entries(child))
          pending.push({ node: property, path: [...path, key], viaProperties });
      } else if (!dataKeywords.has(keyword)) {
        pending.push({ node: child, path: [...path, keyword], viaProperties: false });
      }
    }
  }
  return { headers };
}

/** Keywords whose values are data, not schemas: an annotation's name inside them means nothing. */
const dataKeywords = new Set(['const', 'enum', 'default', 'examples', 'required', annotation]);

function faultOf(
  node: JsonObject,
  path: readonly string[],
  viaProperties: boolean,
  seen: Set<string>,
): string | undefined {
  const name = node[annotation];
  if (!viaProperties || path.length === 0) return `${annotation} is only allowed on a property`;
  if (typeof name !== 'string' || !token.test(name)) return `${annotation} must be a header name`;
  if (!allowedTypes.includes(node['type'])) return `${annotation} needs the type string, integer or boolean`;
  if (seen.has(name.toLowerCase())) return `${annotation} "${name}" is used twice`;
  seen.add(name.toLowerCase());
  return undefined;
}

/** The `Mcp-Param-*` headers for these arguments; absent and null arguments send none. */
export function paramHeaderValues(headers: readonly ParamHeader[], args: JsonObject): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { name, path } of headers) {
    const value = path.reduce<unknown>(
      (at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined),
      args,
    );
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      values[`mcp-param-${name.toLowerCase()}`] = encodeHeaderValue(String(value));
  }
  return values;
}
