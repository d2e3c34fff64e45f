import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { findSchemaViolation } from './find-schema-violation.ts';

type Rejection = [value: unknown, path: string, expected: string];
interface Case {
  schema: unknown;
  fits: unknown[];
  breaks: Rejection[];
}

const cases: Record<string, Case> = {
  type: {
    schema: { type: 'integer' },
    fits: [1, -3, 2.0],
    breaks: [
      [1.5, '', 'integer'],
      ['1', '', 'integer'],
      [null, '', 'integer'],
      [Number.NaN, '', 'integer'],
    ],
  },
  'type of several': {
    schema: { type: ['string', 'null'] },
    fits: ['a', null],
    breaks: [[[], '', 'string or null']],
  },
  'type number': { schema: { type: 'number' }, fits: [1, 1.5], breaks: [[true, '', 'number']] },
  'an unknown type': { schema: { type: 'file' }, fits: [1, 'a', {}], breaks: [] },
  enum: {
    schema: { enum: ['json', 'text', 3, null, { a: 1, b: 2 }] },
    fits: ['json', 3, null, { b: 2, a: 1 }],
    breaks: [['xml', '', 'one of: json, text, 3, null, {"a":1,"b":2}']],
  },
  'a long enum': {
    schema: { enum: Array.from({ length: 25 }, (_value, index) => index) },
    fits: [24],
    breaks: [[25, '', 'one of: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 and 5 more']],
  },
  const: { schema: { const: [1, { a: 'x' }] }, fits: [[1, { a: 'x' }]], breaks: [[[1], '', '[1,{"a":"x"}]']] },
  properties: {
    schema: { type: 'object', properties: { filter: { properties: { ids: { items: { type: 'integer' } } } } } },
    fits: [{}, { filter: {} }, { filter: { ids: [1] } }, { filter: { ids: 'other type' } }],
    breaks: [[{ filter: { ids: ['a'] } }, 'filter.ids[0]', 'integer']],
  },
  'odd property names': {
    schema: { properties: { 'a b': { type: 'string' }, 'x-y': { properties: { $z: { type: 'string' } } } } },
    fits: [{ 'a b': '' }],
    breaks: [
      [{ 'a b': 1 }, '["a b"]', 'string'],
      [{ 'x-y': { $z: 1 } }, 'x-y.$z', 'string'],
    ],
  },
  required: {
    schema: { properties: { sql: { type: 'string' }, any: {} }, required: ['sql', 'any', 'unlisted'] },
    fits: [{ sql: '', any: null, unlisted: 0 }, 'no object'],
    breaks: [
      [{}, 'sql', 'string'],
      [{ sql: undefined }, 'sql', 'string'],
      [{ sql: '' }, 'any', 'a value'],
      [{ sql: '', any: 1 }, 'unlisted', 'a value'],
    ],
  },
  'additionalProperties: false': {
    schema: { properties: { a: {}, b: {} }, patternProperties: { '^x-': {} }, additionalProperties: false },
    fits: [{ a: 1, b: 2, 'x-c': 3 }, { c: undefined }],
    breaks: [[{ c: 1 }, 'c', 'one of the properties: a, b']],
  },
  'additionalProperties as a schema': {
    schema: { properties: { a: {} }, additionalProperties: { type: 'string' } },
    fits: [{ a: 1, b: 'x' }],
    breaks: [[{ b: 1 }, 'b', 'string']],
  },
  patternProperties: {
    schema: { patternProperties: { '^n_': { type: 'number' } } },
    fits: [{ n_a: 1, b: 'x' }],
    breaks: [[{ n_a: 'x' }, 'n_a', 'number']],
  },
  propertyNames: {
    schema: { propertyNames: { maxLength: 3 } },
    fits: [{ abc: 1 }],
    breaks: [[{ abcd: 1 }, 'abcd', 'a name that is at most 3 characters']],
  },
  'minProperties and maxProperties': {
    schema: { minProperties: 1, maxProperties: 2 },
    fits: [{ a: 1 }, { a: 1, b: 2, c: undefined }],
    breaks: [
      [{}, '', 'at least 1 property'],
      [{ a: 1, b: 2, c: 3 }, '', 'at most 2 properties'],
    ],
  },
  dependentRequired: {
    schema: { dependentRequired: { card: ['address'] }, dependentSchemas: { b: { required: ['c'] } } },
    fits: [{}, { card: 1, address: 2 }, { address: 2 }, { b: 1, c: 1 }],
    breaks: [
      [{ card: 1 }, 'address', 'a value'],
      [{ b: 1 }, 'c', 'a value'],
    ],
  },
  'dependencies of draft-07': {
    schema: { dependencies: { card: ['address'], b: { properties: { c: { type: 'string' } } } } },
    fits: [{ card: 1, address: 2 }, { c: 1 }],
    breaks: [
      [{ card: 1 }, 'address', 'a value'],
      [{ b: 1, c: 1 }, 'c', 'string'],
    ],
  },
  'items and prefixItems': {
    schema: { prefixItems: [{ type: 'string' }, { type: 'number' }], items: { type: 'boolean' } },
    fits: [[], ['a'], ['a', 1, true]],
    breaks: [
      [[1], '[0]', 'string'],
      [['a', 1, 2], '[2]', 'boolean'],
    ],
  },
  'items of draft-07': {
    schema: { items: [{ type: 'string' }], additionalItems: false },
    fits: [[], ['a']],
    breaks: [
      [[1], '[0]', 'string'],
      [['a', 1], '[1]', 'nothing'],
    ],
  },
  'items: false': { schema: { items: false }, fits: [[]], breaks: [[[1], '[0]', 'nothing']] },
  contains: {
    schema: { contains: { type: 'string' }, minContains: 2, maxContains: 3 },
    fits: [['a', 'b', 1]],
    breaks: [
      [['a'], '', 'at least 2 fitting items'],
      [['a', 'b', 'c', 'd'], '', 'at most 3 fitting items'],
    ],
  },
  'minItems and maxItems': {
    schema: { minItems: 1, maxItems: 2 },
    fits: [[1], [1, 2]],
    breaks: [
      [[], '', 'at least 1 item'],
      [[1, 2, 3], '', 'at most 2 items'],
    ],
  },
  uniqueItems: {
    schema: { uniqueItems: true },
    fits: [[], [1, '1', [1], { a: 1 }, { a: 2 }]],
    breaks: [
      [[1, 2, 1], '[2]', 'no repeated items'],
      [
        [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
        '[1]',
        'no repeated items',
      ],
    ],
  },
  'minLength and maxLength in characters': {
    schema: { minLength: 1, maxLength: 2 },
    fits: ['a', '👩👩', 'ä漢'],
    breaks: [
      ['', '', 'at least 1 character'],
      ['abc', '', 'at most 2 characters'],
    ],
  },
  pattern: {
    schema: { pattern: '^\\d{4}-\\d{2}$' },
    fits: ['2026-11', 5],
    breaks: [['2026', '', 'text that matches ^\\d{4}-\\d{2}$']],
  },
  'minimum and maximum': {
    schema: { minimum: 1, maximum: 5 },
    fits: [1, 5, '9'],
    breaks: [
      [0, '', 'at least 1'],
      [6, '', 'at most 5'],
    ],
  },
  'exclusive limits': {
    schema: { exclusiveMinimum: 1, exclusiveMaximum: 5 },
    fits: [2],
    breaks: [
      [1, '', 'more than 1'],
      [5, '', 'less than 5'],
    ],
  },
  'exclusive limits of draft-04': {
    schema: { minimum: 1, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: true },
    fits: [2],
    breaks: [
      [1, '', 'more than 1'],
      [5, '', 'less than 5'],
    ],
  },
  multipleOf: {
    schema: { multipleOf: 0.01 },
    fits: [0.07, 19.99, 0, -1],
    breaks: [[0.005, '', 'a multiple of 0.01']],
  },
  allOf: {
    schema: { allOf: [{ type: 'string' }, { maxLength: 2 }] },
    fits: ['ab'],
    breaks: [
      [1, '', 'string'],
      ['abc', '', 'at most 2 characters'],
    ],
  },
  'anyOf of types': {
    schema: { anyOf: [{ type: 'string' }, { type: 'null' }, { type: 'array', items: { type: 'string' } }] },
    fits: ['a', null, ['a']],
    breaks: [
      [1, '', 'string or null or array'],
      [[1], '[0]', 'string'],
    ],
  },
  'anyOf of kinds': {
    schema: {
      anyOf: [
        { properties: { kind: { const: 'a' }, x: { type: 'number' } }, required: ['kind', 'x'] },
        { properties: { kind: { enum: ['b', 'c'] }, y: { type: 'string' } }, required: ['kind', 'y'] },
      ],
    },
    fits: [
      { kind: 'a', x: 1 },
      { kind: 'c', y: '' },
    ],
    breaks: [
      [{ kind: 'b', x: 'x', y: 5 }, 'y', 'string'],
      [{ kind: 'c' }, 'y', 'string'],
      [{ kind: 'd' }, 'kind', '"a" or one of: b, c'],
      [{}, 'kind', 'a value'],
    ],
  },
  'anyOf of required properties': {
    schema: { type: 'object', anyOf: [{ required: ['paths'] }, { required: ['scopes'] }] },
    fits: [{ paths: 1 }, { scopes: 1 }],
    breaks: [[{}, '', 'a property paths or scopes']],
  },
  oneOf: {
    schema: { oneOf: [{ type: 'integer' }, { minimum: 5 }] },
    fits: [3, 5.5],
    breaks: [
      [7, '', 'exactly one of 2 alternatives'],
      [1.5, '', 'integer or at least 5'],
    ],
  },
  'oneOf that only a format tells apart': {
    schema: {
      oneOf: [
        { type: 'string', format: 'email' },
        { type: 'string', format: 'uri' },
      ],
    },
    fits: ['a@b.c'],
    breaks: [[1, '', 'string']],
  },
  not: {
    schema: { not: { enum: ['root'] } },
    fits: ['me'],
    breaks: [['root', '', 'something that the schema does not exclude']],
  },
  'not of something that is not checked': { schema: { not: { format: 'uri' } }, fits: ['a'], breaks: [] },
  'a property that must be left out': {
    schema: { properties: { a: { not: {} }, b: false } },
    fits: [{}],
    breaks: [
      [{ a: 1 }, 'a', 'nothing'],
      [{ b: 1 }, 'b', 'nothing'],
    ],
  },
  'if, then, else': {
    schema: JSON.parse(`{
      "if": { "properties": { "mode": { "const": "sql" } }, "required": ["mode"] },
      "then": { "required": ["query"] },
      "else": { "properties": { "query": false } }
    }`),
    fits: [{ mode: 'sql', query: '' }, { mode: 'list' }],
    breaks: [
      [{ mode: 'sql' }, 'query', 'a value'],
      [{ mode: 'list', query: '' }, 'query', 'nothing'],
    ],
  },
  '$ref to $defs, definitions, an anchor and the root': {
    schema: {
      properties: {
        a: { $ref: '#/$defs/a~1b%20c' },
        b: { $ref: '#/definitions/list/items/0' },
        c: { $ref: '#named' },
        d: { $ref: '#' },
      },
      $defs: { 'a/b c': { type: 'string' }, other: { $anchor: 'named', type: 'boolean' } },
      definitions: { list: { items: [{ type: 'number' }] } },
    },
    fits: [{ a: '', b: 1, c: true, d: { d: { a: '' } } }],
    breaks: [
      [{ a: 1 }, 'a', 'string'],
      [{ b: '' }, 'b', 'number'],
      [{ c: '' }, 'c', 'boolean'],
      [{ d: { d: { a: 1 } } }, 'd.d.a', 'string'],
    ],
  },
  '$ref to somewhere else': {
    schema: {
      properties: { a: { $ref: 'https://example.com/schema.json' }, b: { $ref: '#/none' }, c: { $ref: '#%E0' } },
    },
    fits: [{ a: 1, b: 2, c: 3 }],
    breaks: [],
  },
  'nullable of OpenAPI': {
    schema: { type: 'string', nullable: true, enum: ['a'] },
    fits: ['a', null],
    breaks: [['b', '', 'one of: a']],
  },
  'true and false': {
    schema: { properties: { a: true, b: false } },
    fits: [{ a: 1 }],
    breaks: [[{ b: 1 }, 'b', 'nothing']],
  },
  'unknown keywords': {
    schema: { 'x-note': 1, format: 'uri', $dynamicRef: '#x', whatever: {} },
    fits: [{ a: 1 }, 'no uri'],
    breaks: [],
  },
  'keywords of the wrong type': {
    schema: {
      type: 5,
      enum: 'a',
      required: true,
      properties: [],
      items: 5,
      anyOf: {},
      oneOf: 'x',
      allOf: 1,
      not: 5,
      minLength: 'x',
      minimum: '5',
      pattern: 5,
      dependentRequired: [],
      uniqueItems: 'yes',
      $ref: 5,
      patternProperties: 1,
      propertyNames: 7,
    },
    fits: [{}, [1, 1], 'a', 5, null],
    breaks: [],
  },
  'names that every object inherits': {
    schema: JSON.parse(
      '{"properties":{"__proto__":{"type":"string"},"constructor":{"type":"number"}},"required":["constructor"],"additionalProperties":false}',
    ),
    fits: [JSON.parse('{"__proto__":"a","constructor":1}')],
    breaks: [
      [{}, 'constructor', 'number'],
      [JSON.parse('{"__proto__":1,"constructor":1}'), '__proto__', 'string'],
      [JSON.parse('{"constructor":1,"toString":1}'), 'toString', 'one of the properties: __proto__, constructor'],
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

test.each([
  [{ properties: { limit: { type: 'integer' } } }, { limit: 'ten' }, 'limit must be an integer, not a string.'],
  [{ type: 'object' }, [], 'The value must be an object, not an array.'],
  [{ properties: { a: { type: ['string', 'null'] } } }, { a: 1 }, 'a must be a string or null, not an integer.'],
  [{ required: ['sql'] }, {}, 'sql is required.'],
  [{ properties: { format: { enum: ['a', 'b'] } } }, { format: 'c' }, 'format must be one of: a, b.'],
  [{ properties: { name: { maxLength: 1 } } }, { name: 'ab' }, 'name must have at most 1 character.'],
  [{ properties: { a: {} }, additionalProperties: false }, { b: 1 }, 'b is not a known property; known are: a.'],
  [{ anyOf: [{ required: ['a'] }, { required: ['b'] }] }, {}, 'The value must have a property a or b.'],
])('says it in one sentence that names the path: %j', (schema, value, message) => {
  expect(findSchemaViolation(schema, value)?.message).toBe(message);
});

test('stops at schemas and values that would never end', () => {
  const loop = { $ref: '#' };
  const bomb = { $ref: '#/$defs/0', $defs: {} as Record<string, unknown> };
  for (let level = 0; level < 100; level += 1) {
    const next = { $ref: `#/$defs/${level + 1}` };
    bomb.$defs[level] = { allOf: [next, next], anyOf: [next, next], oneOf: [next, next], not: next };
  }
  const tree = { properties: { next: { $ref: '#' } } };
  const deep = JSON.parse('{"next":'.repeat(100_000) + '1' + '}'.repeat(100_000)) as unknown;
  const unique = { uniqueItems: true, enum: [deep], const: deep };
  const started = performance.now();
  expect(findSchemaViolation(loop, 1)).toBeUndefined();
  expect(findSchemaViolation(bomb, 1)).toBeUndefined();
  expect(findSchemaViolation(tree, deep)).toBeUndefined();
  expect(findSchemaViolation(unique, [deep, deep])).toBeDefined();
  expect(performance.now() - started).toBeLessThan(2000);
});

const corpus = new URL('../../../../../../shared/corpus/', import.meta.url);
const hasCorpus = existsSync(corpus);

describe.skipIf(!hasCorpus)(
  `schemas of real tools${hasCorpus ? '' : ' (skipped: ../shared/corpus is not there)'}`,
  () => {
    const values = [{}, null, 'text', 5, [], [{}], { id: 'a', name: 5, items: [1, { a: [] }], query: null }];

    test('judges every tool without throwing or hanging', () => {
      const lines = gunzipSync(readFileSync(new URL('tools.jsonl.gz', corpus)))
        .toString()
        .trim()
        .split('\n');
      const tools = lines.map((line) => (JSON.parse(line) as { tool: Record<string, unknown> }).tool);
      expect(tools.length).toBeGreaterThan(2000);
      for (const tool of tools) expectJudged(tool);
    });

    test('judges every broken schema without throwing or hanging', () => {
      const text = readFileSync(new URL('broken-schemas.json', corpus), 'utf8');
      const entries = JSON.parse(text) as { tool: Record<string, unknown> }[];
      expect(entries.length).toBeGreaterThan(0);
      for (const { tool } of entries) expectJudged(tool);
    });

    function expectJudged(tool: Record<string, unknown>): void {
      for (const schema of [tool['inputSchema'], tool['outputSchema']]) {
        for (const value of values) {
          const started = performance.now();
          const violation = findSchemaViolation(schema, value);
          expect(performance.now() - started, String(tool['name'])).toBeLessThan(500);
          if (violation !== undefined) expect(violation.message).toContain(violation.path);
        }
      }
    }
  },
);
