import type { CleanRule } from './clean-rule.ts';
import { isObject, mapValues } from './json.ts';

/** Gives properties names that every provider takes, `[A-Za-z0-9_.-]{1,64}`, and tells the model the real ones. */
export const legalKeys: CleanRule = (schema, { legalKey }) => {
  const rename = (key: unknown): unknown => (typeof key === 'string' ? legalKey(key) : key);
  const renameList = (keys: unknown): unknown => (Array.isArray(keys) ? keys.map(rename) : keys);
  const renameKeys = (value: unknown): unknown =>
    isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, member]) => [legalKey(key), member])) : value;
  return mapValues(schema, (value, keyword) => {
    if (keyword === 'required') return renameList(value);
    if (keyword === 'dependentSchemas') return renameKeys(value);
    if (keyword === 'dependentRequired' && isObject(value)) return renameKeys(mapValues(value, renameList));
    if (keyword !== 'properties' || !isObject(value)) return value;
    return renameKeys(mapValues(value, (member, key) => (legalKey(key) === key ? member : withKey(member, key))));
  });
};

function withKey(schema: unknown, key: string): unknown {
  if (schema === false) return schema;
  const { description = '', ...rest } = isObject(schema) ? schema : {};
  return { description: `(${key}) ${String(description)}`.trim(), ...rest };
}
