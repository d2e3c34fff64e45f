import { expect } from 'vitest';
import { anyJson, closed, testCases } from '../../test-support/schema-cases.ts';

testCases({
  'S3: allOf becomes one schema': {
    schema: {
      allOf: [
        { type: 'object', properties: { a: { type: 'string', maxLength: 5 } }, required: ['a'] },
        {
          properties: { a: { pattern: '^x' }, b: { type: 'integer', minimum: 1 } },
          additionalProperties: { minimum: 5 },
        },
        { properties: { b: { minimum: 3, maximum: 9 } }, additionalProperties: false, required: [] },
      ],
    },
    becomes: false,
  },
  'S3: a second pattern, where there can be but one, goes to the description': {
    schema: { allOf: [{ type: 'string', pattern: 'a' }, { pattern: 'b' }] },
    becomes: { description: 'Must match the regular expression b', type: 'string', pattern: 'a' },
    loses: ['unenforced pattern'],
  },
  'S3: conditions go to the description, and the properties that they name can be sent': {
    schema: {
      type: 'object',
      properties: { mode: { type: 'string' } },
      required: ['mode'],
      if: { properties: { mode: { const: 'sql' } } },
      then: { properties: { query: { type: 'string' } }, required: ['query'] },
    },
    becomes: {
      description: expect.stringMatching(/^Must also fit the JSON Schema \{"if":.*"then":.*\}\.$/),
      ...closed({ mode: { type: 'string' }, query: { type: ['string', 'null'] } }),
    },
    decodes: [[{ mode: 'list', query: null }, { mode: 'list' }]],
    loses: ['unenforced if', 'narrowed additionalProperties'],
  },
  'S3: what the subset has no word for goes to the description': {
    schema: {
      type: 'array',
      items: { type: 'string', not: { const: '' } },
      uniqueItems: true,
      contains: { const: 'x' },
    },
    becomes: {
      description: 'Must also fit the JSON Schema {"contains":{"const":"x"}}.\nNo repeated items.',
      type: 'array',
      items: { description: 'Must also fit the JSON Schema {"not":{"const":""}}.', type: 'string' },
    },
    loses: ['unenforced contains', 'unenforced uniqueItems', 'unenforced not'],
  },
  'S3: keywords that ask for nothing are gone without a trace': {
    schema: {
      type: 'array',
      items: { type: 'string', minLength: 0 },
      uniqueItems: false,
      minContains: 1,
      readOnly: true,
      'x-note': 1,
    },
    becomes: { type: 'array', items: { type: 'string' } },
  },
  'S3: a tuple is an array of what its positions hold': {
    schema: {
      type: 'array',
      prefixItems: [
        { type: 'string' },
        { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false },
      ],
      items: false,
      minItems: 2,
    },
    becomes: {
      description: expect.stringContaining('prefixItems'),
      type: 'array',
      items: { anyOf: [{ type: 'string' }, closed({ a: { type: ['string', 'null'] } })] },
      minItems: 2,
      maxItems: 2,
    },
    decodes: [
      [
        ['x', { a: null }],
        ['x', {}],
      ],
    ],
    loses: ['unenforced prefixItems'],
  },
  'S3: a tuple of draft-07 whose positions are alike': {
    schema: { type: 'array', items: [{ type: 'integer' }, { type: 'integer' }], minItems: 2, maxItems: 2 },
    becomes: { type: 'array', items: { type: 'integer' }, minItems: 2, maxItems: 2 },
  },
  'A3: an array that says nothing of its items': {
    schema: { type: 'array' },
    becomes: { type: 'array', items: anyJson },
    decodes: [
      [
        ['a', { json_text: '{"b":1}' }],
        ['a', { b: 1 }],
      ],
    ],
  },
  'an array that can only be empty': {
    schema: { type: 'array', items: false },
    becomes: { type: 'array', items: { type: 'null' }, maxItems: 0 },
  },
  'S4: a reference with a description': {
    schema: { $ref: '#/$defs/Node', description: 'The root.' },
    $defs: { Node: { type: 'string', description: 'A node.' } },
    becomes: { description: 'The root.', anyOf: [{ $ref: '#/$defs/Node' }] },
  },
  'S4: a reference with constraints beside it becomes both': {
    schema: { $ref: '#/$defs/Node', properties: { a: { type: 'string' } }, required: ['a'] },
    $defs: {
      Node: { type: 'object', properties: { b: { type: 'string' } }, required: ['b'], additionalProperties: true },
    },
    becomes: {
      ...closed({ b: { type: 'string' }, a: { type: 'string' }, additional_properties: expect.anything() }),
    },
  },
  'S5: formats outside the list go to the description': {
    schema: { type: 'string', format: 'uri' },
    becomes: { description: 'Format: uri.', type: 'string' },
    loses: ['unenforced format'],
  },
  'S5: formats of the list stay': {
    schema: { type: 'string', format: 'date' },
    becomes: { type: 'string', format: 'date' },
  },
  'S6: lengths, defaults and examples go to the description': {
    schema: { type: 'string', minLength: 1, maxLength: 5, default: 'a', examples: ['b'], description: 'Text.' },
    becomes: {
      description: 'Text.\nAt most 5 characters.\nAt least 1 characters.\nDefault: "a".\nExamples: ["b"].',
      type: 'string',
    },
    loses: ['unenforced maxLength', 'unenforced minLength'],
  },
  'S6: numbers, patterns and counts stay': {
    schema: {
      type: 'array',
      items: { type: 'number', minimum: 1, exclusiveMaximum: 5, multipleOf: 0.5 },
      minItems: 1,
      maxItems: 3,
    },
    becomes: {
      type: 'array',
      items: { type: 'number', exclusiveMaximum: 5, minimum: 1, multipleOf: 0.5 },
      minItems: 1,
      maxItems: 3,
    },
  },
  'A2: limits of draft-04': {
    schema: { type: 'integer', minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false },
    becomes: { type: 'integer', exclusiveMinimum: 0, maximum: 9 },
  },
  'A2: nullable of OpenAPI': {
    schema: { type: 'string', nullable: true, enum: ['a'] },
    becomes: { anyOf: [{ type: 'string', enum: ['a'] }, { type: 'null' }] },
  },
  'A4: lookaround goes to the description': {
    schema: { type: 'string', pattern: '^(?!x).*$' },
    becomes: { description: 'Must match the regular expression ^(?!x).*$', type: 'string' },
    loses: ['unenforced pattern'],
  },
});
