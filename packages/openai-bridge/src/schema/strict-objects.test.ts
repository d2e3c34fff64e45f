import { expect } from 'vitest';
import { anyJson, closed, entriesOf, explicitNull, jsonText, testCases } from '../../test-support/schema-cases.ts';

testCases({
  'S1: an object is closed, and what was optional may be null': {
    schema: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } }, required: ['b'] },
    becomes: closed({ a: { type: ['string', 'null'] }, b: { type: 'integer' } }),
    decodes: [
      [{ a: null, b: 1 }, { b: 1 }],
      [
        { a: 'x', b: 1 },
        { a: 'x', b: 1 },
      ],
    ],
    loses: ['narrowed additionalProperties'],
  },
  'S8: a null of the tool itself is kept where the property is required': {
    schema: {
      type: 'object',
      properties: { a: { type: ['string', 'null'] } },
      required: ['a'],
      additionalProperties: false,
    },
    becomes: closed({ a: { type: ['string', 'null'] } }),
    decodes: [[{ a: null }, { a: null }]],
  },
  'S8: a null of the tool itself is told from a property that is left out': {
    schema: { type: 'object', properties: { a: { type: ['string', 'null'] } }, additionalProperties: false },
    becomes: closed({ a: { anyOf: [{ type: ['string', 'null'] }, explicitNull] } }),
    decodes: [
      [{ a: null }, {}],
      [{ a: { send_null: true } }, { a: null }],
      [{ a: 'x' }, { a: 'x' }],
    ],
  },
  'S8: a null that is the default anyway needs no telling': {
    schema: {
      type: 'object',
      properties: { a: { anyOf: [{ type: 'string' }, { type: 'null' }], default: null, title: 'A' } },
      additionalProperties: false,
    },
    becomes: closed({ a: { title: 'A', type: ['string', 'null'] } }),
    decodes: [[{ a: null }, {}]],
  },
  'S8: optional enums, arrays and objects': {
    schema: {
      type: 'object',
      properties: {
        a: { type: 'string', enum: ['x', 'y'], description: 'One.' },
        b: { type: 'array', items: { type: 'string' } },
      },
      additionalProperties: false,
    },
    becomes: closed({
      a: { description: 'One.', anyOf: [{ type: 'string', enum: ['x', 'y'] }, { type: 'null' }] },
      b: { anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'null' }] },
    }),
    decodes: [[{ a: null, b: null }, {}]],
  },
  'S1: an object of any properties is its JSON text': {
    schema: { type: 'object', description: 'The filter.' },
    becomes: { description: `The filter.\n${jsonText}`, type: 'string' },
    decodes: [
      ['{"a":[1]}', { a: [1] }],
      [{ a: 1 }, { a: 1 }],
    ],
  },
  'S1: an object of any keys is a list of keys and values': {
    schema: { type: 'object', additionalProperties: { type: 'number' } },
    becomes: entriesOf({ type: 'number' }),
    decodes: [
      [[{ key: 'a', value: 1 }], { a: 1 }],
      [[], {}],
    ],
  },
  'S1: an object that says that it has other properties gets a place for them': {
    schema: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: true },
    becomes: closed({
      a: { type: 'string' },
      additional_properties: {
        description: `The other properties of this object; null for none.\n${jsonText}`,
        type: ['string', 'null'],
      },
    }),
    decodes: [
      [{ a: 'x', additional_properties: null }, { a: 'x' }],
      [
        { a: 'x', additional_properties: '{"b":1}' },
        { a: 'x', b: 1 },
      ],
    ],
  },
  'S3: patternProperties are such a place too': {
    schema: { type: 'object', patternProperties: { '^x-': { type: 'string' } }, additionalProperties: false },
    becomes: entriesOf({ type: 'string' }),
    decodes: [[[{ key: 'x-a', value: 'b' }], { 'x-a': 'b' }]],
  },
  'an object without properties that is closed stays one': {
    schema: { type: 'object', additionalProperties: false },
    becomes: closed({}),
  },
  'a required property that is nowhere described may be anything': {
    schema: { type: 'object', properties: { a: { type: 'string' } }, required: ['a', 'b'], additionalProperties: true },
    becomes: closed({
      a: { type: 'string' },
      b: anyJson,
      additional_properties: {
        description: `The other properties of this object; null for none.\n${jsonText}`,
        type: ['string', 'null'],
      },
    }),
  },
  'a property that can never be sent is left out': {
    schema: {
      type: 'object',
      properties: { a: { type: 'string' }, b: false },
      required: ['a'],
      additionalProperties: false,
    },
    becomes: closed({ a: { type: 'string' } }),
  },
  'S3: what two schemas say of one property must hold together': {
    schema: {
      allOf: [
        {
          type: 'object',
          properties: { a: { type: ['string', 'null'] }, b: { type: 'number', minimum: 1, multipleOf: 2 } },
          required: ['a'],
        },
        { properties: { a: { type: 'string', pattern: '^x' }, b: { type: 'integer', minimum: 3, multipleOf: 4 } } },
      ],
      required: ['b'],
      additionalProperties: true,
      description: 'Both.',
    },
    becomes: {
      description: 'Both.',
      ...closed({
        a: { type: 'string', pattern: '^x' },
        b: { type: 'integer', minimum: 3, multipleOf: 4 },
        additional_properties: expect.anything(),
      }),
    },
  },
});
