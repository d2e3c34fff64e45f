import { expect, test } from 'vitest';
import { toOpenAITool } from '../to-openai-tool.ts';
import type { ConvertedTool } from '../types.ts';

function convert(inputSchema: unknown): ConvertedTool<'responses'> {
  return toOpenAITool({ name: 't', inputSchema }, { api: 'responses', strict: 'off' });
}

function withProperty(schema: unknown): Record<string, unknown> {
  return { type: 'object', properties: { p: schema } };
}

test.each<[title: string, property: unknown, becomes: unknown]>([
  ['A2: what is no schema admits anything', 'text', true],
  ['A2: a type that nobody knows is left out', { type: 'file' }, {}],
  ['A2: types by other names', { type: ['Str', 'int'] }, { type: ['string', 'integer'] }],
  ['A2: keywords of the wrong kind', { type: 'string', minLength: '1', required: true, enum: 'a' }, { type: 'string' }],
  [
    'A2: limits of draft-04',
    { type: 'integer', maximum: 9, exclusiveMaximum: true },
    { type: 'integer', exclusiveMaximum: 9 },
  ],
  ['A2: a limit of draft-04 without its number', { type: 'integer', exclusiveMinimum: true }, { type: 'integer' }],
  [
    'A2: a tuple of draft-07',
    { type: 'array', items: [{ type: 'string' }], additionalItems: { type: 'null' } },
    { type: 'array', prefixItems: [{ type: 'string' }], items: { type: 'null' } },
  ],
  [
    'A2: dependencies of draft-07',
    { type: 'object', dependencies: { a: ['b'], c: { required: ['d'] } } },
    { type: 'object', dependentRequired: { a: ['b'] }, dependentSchemas: { c: { required: ['d'] } } },
  ],
  ['A2: nullable of OpenAPI', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
  [
    'A2: nullable beside a list of values',
    { type: 'string', enum: ['a'], nullable: true, description: 'x' },
    { description: 'x', anyOf: [{ type: 'string', enum: ['a'] }, { type: 'null' }] },
  ],
  ['A2: where a schema is from', { $schema: 'x', $id: 'y', $comment: 'z', type: 'null' }, { type: 'null' }],
  [
    'A2: values and names that are listed twice',
    { enum: [1, 1, { a: 1, b: 2 }, { b: 2, a: 1 }] },
    { enum: [1, { b: 2, a: 1 }] },
  ],
  ['A3: an array without items', { anyOf: [{ type: 'array' }] }, { anyOf: [{ type: 'array', items: {} }] }],
  [
    'A3: an array with prefixItems alone',
    { type: 'array', prefixItems: [{ type: 'string' }] },
    { type: 'array', prefixItems: [{ type: 'string' }], items: {} },
  ],
  [
    'A4: lookaround',
    { type: 'string', description: 'x', pattern: '^(?=a)' },
    { type: 'string', description: 'x\nMust match the regular expression ^(?=a)' },
  ],
  ['A4: what only looks like lookaround', { pattern: '[(?=a)]\\(?=b\\\\1' }, { pattern: '[(?=a)]\\(?=b\\\\1' }],
  ['A4: a reference back', { pattern: '(a)\\1' }, { description: 'Must match the regular expression (a)\\1' }],
  ['A4: no pattern at all', { pattern: '(a' }, { description: 'Must match the regular expression (a' }],
  [
    'A4: lookaround in the names of properties',
    { type: 'object', patternProperties: { '^(?!a)': { type: 'string' }, '^x': {} }, additionalProperties: false },
    { type: 'object', patternProperties: { '^x': {} }, additionalProperties: true },
  ],
  ['A5: a reference to somewhere else', { $ref: 'https://example.com/a.json', description: 'x' }, { description: 'x' }],
  ['A5: a reference to nothing', { $ref: '#/$defs/none' }, {}],
])('%s', (_title, property, becomes) => {
  expect(convert(withProperty(property)).tool.parameters).toEqual(withProperty(becomes));
});

test('A5: every reference leads to $defs, wherever it led before', () => {
  const inputSchema = {
    type: 'object',
    properties: {
      a: { $ref: '#/definitions/a~1b%20c' },
      b: { $ref: '#/properties/c/items/0' },
      c: { type: 'array', items: [{ type: 'number' }] },
      d: { $ref: '#named' },
      e: { $ref: '#' },
      f: { $recursiveRef: '#' },
      g: { $ref: 'https://example.com/id#/properties/h' },
    },
    definitions: {
      'a/b c': { type: 'string' },
      named: { $anchor: 'named', type: 'boolean' },
      id: { $id: 'https://example.com/id', properties: { h: { type: 'null' } } },
    },
  };
  const { parameters } = convert(inputSchema).tool;
  expect(parameters).toMatchObject({
    properties: {
      a: { $ref: '#/$defs/a_1b_20c' },
      b: { $ref: '#/$defs/0' },
      d: { $ref: '#/$defs/named' },
      e: { $ref: '#/$defs/root' },
      f: { $ref: '#/$defs/root' },
      g: { $ref: '#/$defs/h' },
    },
    $defs: { a_1b_20c: { type: 'string' }, 0: { type: 'number' }, named: { type: 'boolean' }, h: { type: 'null' } },
  });
  expect(parameters).not.toHaveProperty('definitions');
});

test('gives properties legal names that tell the real ones, and decodes them', () => {
  const inputSchema = {
    type: 'object',
    properties: {
      $filter: { type: 'string', description: 'OData.' },
      filter: { type: 'string' },
      'a b': { type: 'array', items: { type: 'object', properties: { 城市: true }, required: ['城市'] } },
    },
    required: ['$filter'],
    dependentRequired: { $filter: ['a b'] },
  };
  const { tool, decode } = convert(inputSchema);
  const [filter = '', plain = '', list = ''] = Object.keys(tool.parameters['properties'] as object);
  expect([filter, plain, list]).toEqual([
    expect.stringMatching(/^filter_\w{4}$/),
    'filter',
    expect.stringMatching(/^a_b_\w{4}$/),
  ]);
  expect(tool.parameters).toMatchObject({
    properties: { [filter]: { description: '($filter) OData.' } },
    required: [filter],
    dependentRequired: { [filter]: [list] },
  });
  const [city = ''] = /property_\w{4}/.exec(JSON.stringify(tool.parameters)) ?? [];
  expect(decode({ [filter]: 'x', filter: 'y', [list]: [{ [city]: 1 }] })).toEqual({
    $filter: 'x',
    filter: 'y',
    'a b': [{ 城市: 1 }],
  });
});

test.each([
  ['A1: a root that says nothing', {}, { type: 'object', properties: {} }],
  [
    'A1: a root that only refers to a definition',
    { $ref: '#/$defs/Input', $defs: { Input: { type: 'object', properties: { a: {} } } } },
    { type: 'object', properties: { a: {} }, $defs: { Input: { type: 'object', properties: { a: {} } } } },
  ],
  [
    'A1: alternatives beside properties add theirs',
    {
      type: 'object',
      properties: { op: { type: 'string' } },
      oneOf: [
        { properties: { op: { const: 'list' } } },
        { properties: { name: { type: 'string' } }, required: ['name'] },
      ],
    },
    {
      type: 'object',
      properties: { op: { type: 'string' }, name: { type: 'string' } },
      description: expect.stringContaining('Must also fit the JSON Schema {"oneOf":'),
    },
  ],
  [
    'A1: conditions may stay',
    { type: 'object', properties: { a: {} }, if: { required: ['a'] }, then: { required: ['b'] } },
    { type: 'object', properties: { a: {} }, if: { required: ['a'] }, then: { required: ['b'] } },
  ],
])('%s', (_title, inputSchema, parameters) => {
  expect(convert(inputSchema).tool.parameters).toEqual(parameters);
});

test('A1: a root that is nothing but alternatives becomes the one property of a new root', () => {
  const alternatives = [
    { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
    { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] },
  ];
  const { tool, decode } = convert({ anyOf: alternatives });
  expect(tool.parameters).toEqual({
    type: 'object',
    properties: { input: { type: 'object', anyOf: alternatives } },
    required: ['input'],
    additionalProperties: false,
  });
  expect(decode({ input: { path: 'a' } })).toEqual({ path: 'a' });
  expect(decode({ path: 'a' })).toEqual({ path: 'a' });
  const taken = convert({ anyOf: [{ type: 'object', properties: { input: { type: 'string' } } }] });
  expect(Object.keys(taken.tool.parameters['properties'] as object)).toEqual(['arguments']);
});

test('says what it left out, and where', () => {
  const { losses } = convert({
    type: 'object',
    properties: { a: { type: 'file' }, b: { $ref: 'other.json' }, c: { items: { type: 'str', pattern: '(?!a)' } } },
    not: { required: ['a'] },
  });
  expect(losses.map(({ path, keyword, kind }) => `${path} ${keyword} ${kind}`)).toEqual([
    'inputSchema.properties.a type unenforced',
    'inputSchema.properties.b $ref unenforced',
    'inputSchema.properties.c.items type narrowed',
    'inputSchema.properties.c.items pattern unenforced',
    'inputSchema not unenforced',
  ]);
});
