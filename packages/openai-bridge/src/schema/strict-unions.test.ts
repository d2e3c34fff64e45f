import { expect } from 'vitest';
import { anyJson, closed, entriesOf, jsonText, testCases } from '../../test-support/schema-cases.ts';

testCases({
  'S2: anything is written as it is, but objects as JSON text': {
    schema: { description: 'The value.' },
    becomes: { description: 'The value.', anyOf: [anyJson] },
    decodes: [
      ['text', 'text'],
      [null, null],
      [
        [1, { json_text: '{"a":1}' }],
        [1, { a: 1 }],
      ],
      [{ json_text: '{oops' }, { json_text: '{oops' }],
    ],
  },
  'S2: an enum has the type of its values': {
    schema: { enum: ['a', 1, null] },
    becomes: { type: ['string', 'integer', 'null'], enum: ['a', 1, null] },
  },
  'S2: a constant is an enum of one': { schema: { const: 'a' }, becomes: { type: 'string', enum: ['a'] } },
  'S2: objects in an enum are chosen by their JSON text': {
    schema: { enum: [{ a: 1 }, 'x'] },
    becomes: { description: 'The JSON text of the value.', type: 'string', enum: ['{"a":1}', '"x"'] },
    decodes: [
      ['{"a":1}', { a: 1 }],
      ['"x"', 'x'],
    ],
  },
  'S2: what the type excludes is no value of the enum': {
    schema: { type: 'string', enum: ['a', 5] },
    becomes: { type: 'string', enum: ['a'] },
  },
  'S2: a schema without a type is what its keywords are about': {
    schema: { properties: { a: { minimum: 3 } }, required: ['a'], additionalProperties: false },
    becomes: closed({ a: { type: 'number', minimum: 3 } }),
    loses: ['narrowed type', 'narrowed type'],
  },
  'S2: a list of plain types stays one': {
    schema: { type: ['string', 'number'] },
    becomes: { type: ['string', 'number'] },
  },
  'S2: a list of types with objects is a union': {
    schema: {
      type: ['object', 'null'],
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    },
    becomes: { anyOf: [closed({ a: { type: 'string' } }), { type: 'null' }] },
  },
  'S2: a union of plain types is a list of them': {
    schema: { anyOf: [{ type: 'string' }, { type: 'boolean' }], description: 'x' },
    becomes: { description: 'x', type: ['string', 'boolean'] },
  },
  'S2: what is asked beside a union is asked of every alternative': {
    schema: {
      type: 'object',
      properties: { kind: { type: 'string' } },
      required: ['kind'],
      additionalProperties: true,
      oneOf: [
        { properties: { kind: { const: 'a' }, x: { type: 'integer' } }, required: ['x'], additionalProperties: false },
        { properties: { kind: { const: 'b' } }, additionalProperties: false },
      ],
    },
    becomes: {
      anyOf: [
        closed({ kind: { type: 'string', enum: ['a'] }, x: { type: 'integer' } }),
        closed({ kind: { type: 'string', enum: ['b'] } }),
      ],
    },
    loses: ['unenforced oneOf'],
  },
  'S2: alternatives that only require other properties go to the description': {
    schema: {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      additionalProperties: false,
      anyOf: [{ required: ['a'] }, { required: ['b'] }],
    },
    becomes: {
      description: 'Must also fit the JSON Schema {"anyOf":[{"required":["a"]},{"required":["b"]}]}.',
      ...closed({ a: { type: ['string', 'null'] }, b: { type: ['string', 'null'] } }),
    },
    loses: ['unenforced anyOf'],
  },
  'S2: alternatives of which several may fit add their properties': {
    schema: {
      type: 'object',
      properties: { title: { type: 'string' } },
      required: ['title'],
      anyOf: [
        { properties: { url: { type: 'string' } }, required: ['url'] },
        { properties: { file: { type: 'string' } }, required: ['file'] },
      ],
    },
    becomes: {
      description: expect.stringContaining('Must also fit'),
      ...closed({ title: { type: 'string' }, url: { type: ['string', 'null'] }, file: { type: ['string', 'null'] } }),
    },
    loses: ['unenforced anyOf', 'narrowed additionalProperties'],
  },
  'S3: oneOf of what excludes each other is anyOf': {
    schema: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
    becomes: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
  },
  'S3: oneOf of what may overlap is checked before the call': {
    schema: { oneOf: [{ type: 'integer' }, { type: 'number', minimum: 5 }] },
    becomes: { anyOf: [{ type: 'integer' }, { type: 'number', minimum: 5 }] },
    loses: ['unenforced oneOf'],
  },
  'a union of what looks alike marks what is written in another way': {
    schema: { anyOf: [{ type: 'object' }, { type: 'string' }] },
    becomes: { anyOf: [closed({ json_text: { description: jsonText, type: 'string' } }), { type: 'string' }] },
    decodes: [
      [{ json_text: '{"a":1}' }, { a: 1 }],
      ['{"a":1}', '{"a":1}'],
    ],
  },
  'a union of an object of any keys and a list': {
    schema: {
      anyOf: [
        { type: 'object', additionalProperties: { type: 'string' } },
        { type: 'array', items: { type: 'string' } },
      ],
    },
    becomes: {
      anyOf: [closed({ entries: entriesOf({ type: 'string' }) }), { type: 'array', items: { type: 'string' } }],
    },
    decodes: [
      [{ entries: [] }, {}],
      [{ entries: [{ key: 'a', value: 'b' }] }, { a: 'b' }],
      [[], []],
    ],
  },
  'a union of objects decodes each by its own schema': {
    schema: {
      anyOf: [
        {
          type: 'object',
          properties: { a: { type: 'string' }, n: { type: 'string' } },
          required: ['a'],
          additionalProperties: false,
        },
        { type: 'object', properties: { b: { type: 'object' } }, required: ['b'], additionalProperties: false },
      ],
    },
    becomes: {
      anyOf: [
        closed({ a: { type: 'string' }, n: { type: ['string', 'null'] } }),
        closed({ b: { description: jsonText, type: 'string' } }),
      ],
    },
    decodes: [
      [{ a: 'x', n: null }, { a: 'x' }],
      [{ b: '{"c":1}' }, { b: { c: 1 } }],
    ],
  },
  'a union decodes by the alternative whose own value it becomes': {
    schema: {
      anyOf: [
        {
          type: 'object',
          properties: { a: { type: 'string', maxLength: 1 }, n: { type: 'string' } },
          required: ['a'],
          additionalProperties: false,
        },
        {
          type: 'object',
          properties: { a: { type: 'string' }, n: { type: 'null' } },
          required: ['a', 'n'],
          additionalProperties: false,
        },
      ],
    },
    becomes: {
      anyOf: [
        closed({ a: { description: 'At most 1 characters.', type: 'string' }, n: { type: ['string', 'null'] } }),
        closed({ a: { type: 'string' }, n: { type: 'null' } }),
      ],
    },
    decodes: [
      [{ a: 'x', n: null }, { a: 'x' }],
      [
        { a: 'xyz', n: null },
        { a: 'xyz', n: null },
      ],
    ],
    loses: ['unenforced maxLength'],
  },
  'a union of values in JSON text and of texts': {
    schema: { anyOf: [{ const: { a: 1 } }, { type: 'string' }] },
    becomes: {
      anyOf: [
        closed({ json_text: { description: 'The JSON text of the value.', type: 'string', enum: ['{"a":1}'] } }),
        { type: 'string' },
      ],
    },
    decodes: [
      [{ json_text: '{"a":1}' }, { a: 1 }],
      ['{"a":1}', '{"a":1}'],
    ],
  },
});
