import type { JsonObject } from '@toolwire/client-core';
import { isRecord } from './every-schema.ts';

interface Shape {
  readonly keywords: string;
  readonly isValid: (value: unknown) => boolean;
  readonly must: string;
}

const types = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

/** The metaschema of 2020-12, but for what stands where a schema belongs. */
const shapes: readonly Shape[] = [
  { keywords: 'type', isValid: isType, must: 'be a type of JSON Schema or a list of them' },
  { keywords: 'allOf anyOf oneOf prefixItems', isValid: isFilledList, must: 'be a list that is not empty' },
  { keywords: 'enum examples', isValid: Array.isArray, must: 'be a list' },
  { keywords: 'required', isValid: isNameList, must: 'be a list of different names' },
  {
    keywords: '$defs definitions dependentSchemas patternProperties properties',
    isValid: isRecord,
    must: 'be an object of schemas',
  },
  {
    keywords: 'dependentRequired',
    isValid: (value) => isRecord(value) && Object.values(value).every(isNameList),
    must: 'be an object of lists of names',
  },
  {
    keywords: 'maxContains maxItems maxLength maxProperties minContains minItems minLength minProperties',
    isValid: (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0,
    must: 'be a whole number from 0',
  },
  {
    keywords: 'exclusiveMaximum exclusiveMinimum maximum minimum',
    isValid: (value) => typeof value === 'number',
    must: 'be a number',
  },
  { keywords: 'multipleOf', isValid: (value) => typeof value === 'number' && value > 0, must: 'be a number over 0' },
  {
    keywords: 'deprecated readOnly uniqueItems writeOnly',
    isValid: (value) => typeof value === 'boolean',
    must: 'be true or false',
  },
  {
    keywords: '$anchor $comment $id $ref $schema contentEncoding contentMediaType description format title',
    isValid: (value) => typeof value === 'string',
    must: 'be a text',
  },
  { keywords: 'pattern', isValid: isPattern, must: 'be a regular expression' },
];

const shapeOf = new Map(shapes.flatMap((shape) => shape.keywords.split(' ').map((keyword) => [keyword, shape])));

/** The keywords of one schema, but not of those inside it, that the metaschema refuses. */
export function metaschemaFaults(schema: JsonObject): { keyword: string; fault: string }[] {
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const shape = shapeOf.get(keyword);
    return shape === undefined || shape.isValid(value) ? [] : [{ keyword, fault: `${keyword} must ${shape.must}.` }];
  });
}

function isType(value: unknown): boolean {
  return isTypeName(value) || (isFilledList(value) && isDistinct(value) && value.every(isTypeName));
}

function isTypeName(value: unknown): boolean {
  return typeof value === 'string' && types.includes(value);
}

function isFilledList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function isNameList(value: unknown): boolean {
  return Array.isArray(value) && isDistinct(value) && value.every((name) => typeof name === 'string');
}

function isDistinct(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}

function isPattern(value: unknown): boolean {
  try {
    return typeof value === 'string' && new RegExp(value) instanceof RegExp;
  } catch {
    return false;
  }
}
