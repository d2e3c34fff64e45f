import type { CleanRule } from './clean-rule.ts';
import { canonicalText, isObject, listAt } from './json.ts';

/** A2: leaves out what the metaschema of 2020-12 refuses, and what only says where a schema is from. */
export const wellFormed: CleanRule = (schema, { lose }) => {
  const kept = Object.entries(schema).filter(([keyword, value]) => {
    if (ownOnly.has(keyword)) return false;
    if (shapes.get(keyword)?.(value) ?? true) return true;
    lose('unenforced', keyword, `${keyword} is not valid JSON Schema here; it was left out.`);
    return false;
  });
  const result = Object.fromEntries(kept);
  if ('required' in result) result['required'] = [...new Set(listAt(result, 'required'))];
  if ('enum' in result) result['enum'] = distinct(listAt(result, 'enum'));
  return result;
};

// References are resolved by then.
const ownOnly = new Set(
  `$anchor $comment $defs $dynamicAnchor $id $recursiveAnchor $schema $vocabulary definitions id`.split(' '),
);

const typeNames = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']);

const shapes = new Map<string, (value: unknown) => boolean>(
  Object.entries({
    type: (value) => (Array.isArray(value) ? value.length > 0 && value.every(isTypeName) : isTypeName(value)),
    'enum examples': Array.isArray,
    required: isTextList,
    dependentRequired: (value) => isObject(value) && Object.values(value).every(isTextList),
    'dependentSchemas patternProperties properties': isObject,
    'allOf anyOf oneOf prefixItems': (value) => Array.isArray(value) && value.length > 0,
    'maxContains maxItems maxLength maxProperties minContains minItems minLength minProperties': (value) =>
      Number.isInteger(value) && (value as number) >= 0,
    'exclusiveMaximum exclusiveMinimum maximum minimum': Number.isFinite,
    multipleOf: (value) => Number.isFinite(value) && (value as number) > 0,
    '$ref contentEncoding contentMediaType description format pattern title': isText,
    'deprecated readOnly uniqueItems writeOnly': (value) => typeof value === 'boolean',
  } satisfies Record<string, (value: unknown) => boolean>).flatMap(([keywords, isValid]) =>
    keywords.split(' ').map((keyword) => [keyword, isValid] as const),
  ),
);

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isTypeName(value: unknown): boolean {
  return typeof value === 'string' && typeNames.has(value);
}

function distinct(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map((value) => [canonicalText(value), value])).values()];
}
