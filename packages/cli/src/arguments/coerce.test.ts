import { describe, expect, test } from 'vitest';
import { coerce } from './coerce.ts';

const shade = { $defs: { Shade: { enum: ['dark', 'light'] }, Loop: { $ref: '#/$defs/Loop' } } };

describe('the schema alone decides what a text becomes', () => {
  test.each<[what: string, texts: string[], schema: unknown, expected: unknown]>([
    ['a string stays a string', ['007'], { type: 'string' }, '007'],
    ['a string that looks like JSON', ['{"a":1}'], { type: 'string' }, '{"a":1}'],
    ['a string that looks like a boolean', ['true'], { type: 'string' }, 'true'],
    ['an integer', ['42'], { type: 'integer' }, 42],
    ['a number', ['-1.5'], { type: 'number' }, -1.5],
    ['a boolean', ['false'], { type: 'boolean' }, false],
    ['no type', ['5'], {}, '5'],
    ['no schema', ['5'], undefined, '5'],
    ['a boolean schema', ['5'], true, '5'],
    ['an unknown type', ['5'], { type: 'colour' }, '5'],
    ['null', ['null'], { type: 'null' }, null],
    ['a nullable string', ['null'], { type: ['string', 'null'] }, 'null'],
    ['null before string', ['null'], { anyOf: [{ type: 'null' }, { type: 'string' }] }, null],
    ['a nullable integer', ['3'], { type: ['integer', 'null'] }, 3],
    ['an array from one value', ['a'], { type: 'array', items: { type: 'string' } }, ['a']],
    ['an array by repetition', ['1', '2'], { type: 'array', items: { type: 'integer' } }, [1, 2]],
    ['an array as JSON', ['[1,2]'], { type: 'array', items: { type: 'integer' } }, [1, 2]],
    ['an array of what only looks like JSON', ['[draft]'], { type: 'array', items: { type: 'string' } }, ['[draft]']],
    ['an array of objects', ['{"a":1}'], { type: 'array', items: { type: 'object' } }, [{ a: 1 }]],
    ['an array without items', ['7'], { type: 'array' }, ['7']],
    ['a tuple', ['a', '1'], { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }] }, ['a', 1]],
    ['an old tuple', ['a', '1'], { type: 'array', items: [{ type: 'string' }, { type: 'integer' }] }, ['a', 1]],
    ['an object', ['{"a":1}'], { type: 'object' }, { a: 1 }],
    ['an object that is only implied', ['{"a":1}'], { properties: {} }, { a: 1 }],
    ['anyOf in order', ['5'], { anyOf: [{ type: 'string' }, { type: 'integer' }] }, '5'],
    ['anyOf in order, the other way', ['5'], { anyOf: [{ type: 'integer' }, { type: 'string' }] }, 5],
    ['anyOf falls through', ['007'], { anyOf: [{ type: 'integer' }, { type: 'string' }] }, '007'],
    ['oneOf by what fits', ['12'], { oneOf: [{ type: 'integer', maximum: 10 }, { type: 'string' }] }, '12'],
    ['a repeated value skips a string', ['a', 'b'], { anyOf: [{ type: 'string' }, { type: 'array' }] }, ['a', 'b']],
    ['alternatives without types', ['x'], { anyOf: [{ minLength: 1 }, {}] }, 'x'],
    ['allOf', ['5'], { allOf: [{ description: 'n' }, { type: 'integer' }] }, 5],
    ['an enum of strings', ['1'], { enum: ['1', 1] }, '1'],
    ['an enum of numbers', ['1'], { type: 'number', enum: [1, 2] }, 1],
    ['an enum with null', ['null'], { enum: ['a', null] }, null],
    ['a constant', ['true'], { const: true }, true],
    ['a reference', ['dark'], { $ref: '#/$defs/Shade' }, 'dark'],
    ['a reference inside a union', ['light'], { anyOf: [{ $ref: '#/$defs/Shade' }, { type: 'null' }] }, 'light'],
    ['a reference to itself', ['x'], { $ref: '#/$defs/Loop' }, 'x'],
    ['a reference to the network', ['x'], { $ref: 'https://example.com/schema' }, 'x'],
    ['a reference to nothing', ['x'], { $ref: '#/$defs/__proto__/x' }, 'x'],
  ])('%s', (_what, texts, schema, expected) => {
    expect(coerce(texts, schema, shade)).toEqual({ ok: true, value: expected });
  });
});

describe('what does not fit is refused with what was expected', () => {
  test.each<[texts: string[], schema: unknown, expected: string]>([
    [['abc'], { type: 'integer' }, 'an integer'],
    [['007'], { type: 'number' }, 'a number'],
    [['12345678901234567890'], { type: 'integer' }, 'an integer'],
    [['yes'], { type: 'boolean' }, 'true or false'],
    [['red'], { $ref: '#/$defs/Shade' }, 'one of dark, light'],
    [['a', 'b'], { type: 'string' }, 'one value'],
    [['[1]'], { type: 'object' }, 'a JSON object'],
    [['1', 'x'], { type: 'array', items: { type: 'integer' } }, 'an array of integer items'],
    [['x'], { anyOf: [{ type: 'integer' }, { type: 'null' }] }, 'an integer or null'],
    [['x'], { const: 'y' }, 'y'],
  ])('%j for %j', (texts, schema, expected) => {
    expect(coerce(texts, schema, shade)).toEqual({ ok: false, expected });
  });
});
