import { canonicalJson } from './protocol/canonical-json.ts';
import { isObject, type JsonObject } from './protocol/jsonrpc.ts';

/** One field that differs: `before` is missing where it is new, `after` where it is gone. */
export interface FieldChange {
  /** Like `inputSchema.properties.path.type`. */
  path: string;
  before?: unknown;
  after?: unknown;
}

/** The fields in which two JSON values differ, each as deep as it goes. */
export function fieldChanges(before: unknown, after: unknown, path = ''): FieldChange[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => changesOfKey(before, after, key, path));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((item, index) => fieldChanges(item, after[index], `${path}[${index}]`));
  return [{ path, before, after }];
}

function changesOfKey(before: JsonObject, after: JsonObject, key: string, parent: string): FieldChange[] {
  const path = joined(parent, key);
  if (!Object.hasOwn(before, key)) return [{ path, after: after[key] }];
  if (!Object.hasOwn(after, key)) return [{ path, before: before[key] }];
  return fieldChanges(before[key], after[key], path);
}

function joined(parent: string, key: string): string {
  if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === '' ? key : `${parent}.${key}`;
}
