import type { JsonObject } from '@toolwire/client-core';
import { own } from './json.ts';

/** Says in the description what these keywords said, for the model to heed. */
export function withNote(schema: JsonObject, keywords: JsonObject): JsonObject {
  const [[keyword, value] = ['', undefined], ...others] = Object.entries(keywords);
  const phrase = others.length === 0 ? phrases[keyword]?.(value) : undefined;
  return withText(schema, phrase ?? `Must also fit the JSON Schema ${inJson(keywords)}.`);
}

/** Adds a sentence to the description. */
export function withText(schema: JsonObject, text: string): JsonObject {
  const description = own(schema, 'description');
  if (typeof description !== 'string' || description === '') return { ...schema, description: text };
  return description.includes(text) ? schema : { ...schema, description: `${description}\n${text}` };
}

/** Puts the texts of an outer schema on one inside it; a reference keeps standing alone. */
export function withTexts(schema: JsonObject, texts: JsonObject): JsonObject {
  if (Object.keys(texts).length === 0) return schema;
  if ('$ref' in schema) return { ...texts, anyOf: [schema] };
  const description = own(schema, 'description');
  const both = typeof description === 'string' ? withText(texts, description) : texts;
  return { ...schema, ...both };
}

const phrases: Readonly<Record<string, (value: unknown) => string>> = {
  default: (value) => `Default: ${inJson(value)}.`,
  examples: (value) => `Examples: ${inJson(value)}.`,
  format: (value) => `Format: ${String(value)}.`,
  maxLength: (value) => `At most ${String(value)} characters.`,
  maxProperties: (value) => `At most ${String(value)} properties.`,
  minLength: (value) => `At least ${String(value)} characters.`,
  minProperties: (value) => `At least ${String(value)} properties.`,
  pattern: (value) => `Must match the regular expression ${String(value)}`,
  uniqueItems: () => 'No repeated items.',
};

const maxLength = 500;

function inJson(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`;
}
