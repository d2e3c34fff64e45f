import { describe, expect, test } from 'vitest';
import { findSchemaViolation } from './find-schema-violation.ts';

type Rejection = [value: unknown, path: string, expected: string];

const cases: Record<string, { schema: unknown; fits: unknown[]; breaks: Rejection[] }> = {
  'unevaluatedProperties: false': {
    schema: {
      allOf: [{ properties: { a: {} } }, { patternProperties: { '^x-': {} } }],
      anyOf: [{ properties: { b: { type: 'string' } }, required: ['b'] }, { properties: { c: {} } }],
      if: { required: ['a'] },
      then: { $ref: '#/$defs/d' },
      else: { properties: { e: {} } },
      dependentSchemas: { a: { properties: { f: {} } } },
      properties: { g: {} },
      unevaluatedProperties: false,
      $defs: { d: { properties: { d: {} } } },
    },
    fits: [{}, { a: 1, d: 1, f: 1, g: 1, 'x-1': 1 }, { b: 'x', c: 1, e: 1 }, { z: undefined }],
    breaks: [
      [{ z: 1 }, 'z', 'nothing'],
      [{ d: 1 }, 'd', 'nothing'],
      [{ a: 1, e: 1 }, 'e', 'nothing'],
      [{ b: 1 }, 'b', 'nothing'],
      [{ f: 1 }, 'f', 'nothing'],
    ],
  },
  'unevaluatedProperties as a schema, and beside what speaks of all': {
    schema: {
      properties: { a: { allOf: [{ properties: { b: {} } }], unevaluatedProperties: { type: 'string' } } },
      allOf: [{ additionalProperties: {} }, { unevaluatedProperties: {} }],
      unevaluatedProperties: false,
    },
    fits: [{ a: { b: 1, c: 'x' }, d: 1 }],
    breaks: [[{ a: { c: 1 } }, 'a.c', 'string']],
  },
  unevaluatedItems: {
    schema: {
      properties: {
        tuple: { prefixItems: [{}], anyOf: [{ prefixItems: [{}, { type: 'string' }] }, {}], unevaluatedItems: false },
        older: { items: [{}], unevaluatedItems: { type: 'null' } },
        open: { allOf: [{ items: {} }], unevaluatedItems: false },
        found: { contains: { type: 'string' }, unevaluatedItems: { type: 'number' } },
      },
    },
    fits: [
      { tuple: [1, 'x'], older: [1, null], open: [1, 2], found: ['a', 1] },
      { tuple: [1], older: [1] },
    ],
    breaks: [
      [{ tuple: [1, 2] }, 'tuple[1]', 'nothing'],
      [{ tuple: [1, 'x', 3] }, 'tuple[2]', 'nothing'],
      [{ older: [1, 2] }, 'older[1]', 'null'],
      [{ found: ['a', true] }, 'found[1]', 'number'],
    ],
  },
};

describe.each(Object.entries(cases))('%s', (_title, { schema, fits, breaks }) => {
  test.each(fits.map((value) => [value]))('lets %j pass', (value) => {
    expect(findSchemaViolation(schema, value)).toBeUndefined();
  });
  test.each(breaks)('refuses %j', (value, path, expected) => {
    expect(findSchemaViolation(schema, value)).toMatchObject({ path, expected });
  });
});
