import { describe, expect, test } from 'vitest';
import { findSchemaViolation } from './find-schema-violation.ts';

type Rejection = [value: unknown, path: string, expected: string];

const cases: Record<string, { schema: unknown; fits: unknown[]; breaks: Rejection[] }> = {
  '$ref to an $id, and what is inside it': {
    schema: {
      $id: 'https://example.com/root',
      properties: {
        a: { $ref: 'https://example.com/name' },
        b: { $ref: 'https://example.com/name#/definitions/x' },
        c: { $ref: 'https://example.com/root#/properties/d' },
        d: { type: 'boolean' },
      },
      $defs: { name: { $id: 'https://example.com/name', type: 'string', definitions: { x: { type: 'number' } } } },
    },
    fits: [{ a: '', b: 1, c: true }],
    breaks: [
      [{ a: 1 }, 'a', 'string'],
      [{ b: '' }, 'b', 'number'],
      [{ c: '' }, 'c', 'boolean'],
    ],
  },
  '$dynamicRef and $recursiveRef': {
    schema: {
      $dynamicAnchor: 'node',
      properties: { name: { type: 'string' }, next: { $dynamicRef: '#node' }, other: { $recursiveRef: '#' } },
    },
    fits: [{ next: { name: '' }, other: {} }],
    breaks: [
      [{ next: { next: { name: 1 } } }, 'next.next.name', 'string'],
      [{ other: { name: 1 } }, 'other.name', 'string'],
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
