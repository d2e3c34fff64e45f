import { expect, test } from 'vitest';
import { definitionsOf } from './definitions.ts';

const node = { type: 'object', properties: { next: { $ref: '#/$defs/node' } } };

/** The type of a schema, and those that it needs. */
function typesOf(schema: unknown): string[] {
  return definitionsOf('It', schema, new Set(['It'])).map(({ type }) => type.replaceAll(/\s+/g, ' '));
}

test.each<[schema: unknown, types: string[]]>([
  [{ type: 'string' }, ['string']],
  [{ type: 'integer' }, ['number']],
  [{ type: ['string', 'null'] }, ['string | null']],
  [{ type: 'string', nullable: true }, ['string | null']],
  [{ enum: ['a', "it's", 1, null, true] }, ["'a' | 'it\\'s' | 1 | null | true"]],
  [{ const: { a: [1] } }, ['{ a: [1] }']],
  [{ type: 'array', items: { type: ['string', 'number'] } }, ['(string | number)[]']],
  [{ type: 'array', items: { enum: ['a'] } }, ["'a'[]"]],
  [{ type: 'array' }, ['unknown[]']],
  [
    { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], minItems: 1, items: false },
    ['[string, (number)?]'],
  ],
  [{ items: [{ type: 'string' }], additionalItems: { type: 'number' } }, ['[(string)?, ...number[]]']],
  [{ type: 'object' }, ['Record<string, unknown>']],
  [{ type: 'object', additionalProperties: false }, ['Record<string, never>']],
  [{ additionalProperties: { type: 'number' } }, ['{ [key: string]: number }']],
  [{ properties: { a: true, 'b-c': false }, required: ['a', 'd'] }, ["{ a: unknown; 'b-c'?: never; d: unknown; }"]],
  [{ properties: { a: {} }, additionalProperties: {} }, ['{ a?: unknown; [key: string]: unknown; }']],
  [{ properties: { a: { description: 'Is a\nthing' } } }, ['{ /** * Is a * thing */ a?: unknown; }']],
  [{ anyOf: [{ type: 'string' }, { type: 'number' }], type: 'string' }, ['(string | number) & string']],
  [{ oneOf: [{ type: 'string' }, {}] }, ['unknown']],
  [{ allOf: [{ properties: { a: { type: 'string' } } }, { required: ['b'] }] }, ['{ a?: string; }']],
  [
    { type: 'object', properties: { tree: { $ref: '#/$defs/node' } }, $defs: { node } },
    ['{ tree?: ItNode; }', '{ next?: ItNode; }'],
  ],
  [{ properties: { self: { $ref: '#' } } }, ['{ self?: It; }']],
  [{ $ref: '#/$defs/a', $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }, { type: 'null' }] } } }, ['unknown']],
  [
    { properties: { far: { $ref: 'https://example.com/a' }, none: { $ref: '#/$defs/b' } } },
    ['{ far?: unknown; none?: unknown; }'],
  ],
  [{ type: 'colour' }, ['unknown']],
  [{ type: 'constructor' }, ['unknown']],
  [null, ['unknown']],
])('%j', (schema, types) => {
  expect(typesOf(schema)).toEqual(types);
});

test('a schema that is nested without end is not followed to its end', () => {
  const deep = Array.from({ length: 5_000 }).reduce<object>((inner) => ({ items: inner }), { type: 'string' });
  expect(typesOf(deep)[0]).toMatch(/^unknown(\[\])+$/);
});
