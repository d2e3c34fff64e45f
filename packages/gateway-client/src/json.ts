import type { JsonObject } from '@toolwire/client-core';

/** Readers for what gateways answer: what has not the type that is wanted counts as not given. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectAt(value: unknown, key: string): JsonObject | undefined {
  const found = isObject(value) ? value[key] : undefined;
  return isObject(found) ? found : undefined;
}

/** The first of `keys` that holds a text which is not empty. */
export function textAt(value: unknown, ...keys: string[]): string | undefined {
  const texts = isObject(value) ? keys.map((key) => value[key]) : [];
  return texts.find((text): text is string => typeof text === 'string' && text !== '');
}

export function numberAt(value: unknown, ...keys: string[]): number | undefined {
  const numbers = isObject(value) ? keys.map((key) => value[key]) : [];
  return numbers.find((number): number is number => typeof number === 'number');
}

export function flagAt(value: unknown, ...keys: string[]): boolean | undefined {
  const flags = isObject(value) ? keys.map((key) => value[key]) : [];
  return flags.find((flag): flag is boolean => typeof flag === 'boolean');
}

/** The objects in the first of `keys` that holds a list. */
export function listAt(value: unknown, ...keys: string[]): JsonObject[] | undefined {
  const lists = isObject(value) ? keys.map((key) => value[key]) : [];
  return lists.find((list): list is unknown[] => Array.isArray(list))?.filter(isObject);
}

/** The object without its fields that are undefined or null. */
export function given<Fields extends object>(fields: Fields): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(kept) as { [Name in keyof Fields]?: NonNullable<Fields[Name]> }; // The same names.
}
