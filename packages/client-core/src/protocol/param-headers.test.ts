import { describe, expect, test } from 'vitest';
import { paramHeaders, paramHeaderValues } from './param-headers.ts';

const region = { type: 'string', 'x-mcp-header': 'Region' };

function objectOf(properties: Record<string, unknown>): Record<string, unknown> {
  return { type: 'object', properties };
}

describe('paramHeaders', () => {
  test.each([
    ['none', objectOf({ a: { type: 'string' } }), []],
    ['one of a property', objectOf({ region }), [{ name: 'Region', path: ['region'] }]],
    ['one of a nested property', objectOf({ a: objectOf({ b: region }) }), [{ name: 'Region', path: ['a', 'b'] }]],
    [
      'one of a property called properties',
      objectOf({ properties: region }),
      [{ name: 'Region', path: ['properties'] }],
    ],
    ['one of a property called default', objectOf({ default: region }), [{ name: 'Region', path: ['default'] }]],
    ['an integer', objectOf({ n: { type: 'integer', 'x-mcp-header': 'N' } }), [{ name: 'N', path: ['n'] }]],
    ['a boolean', objectOf({ b: { type: 'boolean', 'x-mcp-header': 'B' } }), [{ name: 'B', path: ['b'] }]],
    ['none in data', objectOf({ a: { type: 'object', default: { 'x-mcp-header': '!' }, enum: [region] } }), []],
    ['none in what is no schema', 'text', []],
  ])('finds %s', (_title, schema, headers) => {
    expect(paramHeaders(schema)).toEqual({ headers });
  });

  test.each([
    ['the schema itself', { ...objectOf({}), 'x-mcp-header': 'A' }, /the schema itself: .*only allowed on a property/],
    ['an item of a list', objectOf({ a: { type: 'array', items: region } }), /a\.items: .*only allowed on a property/],
    ['one branch of several', objectOf({ a: { anyOf: [region] } }), /only allowed on a property/],
    ['a shared definition', { ...objectOf({}), $defs: { region } }, /only allowed on a property/],
    ['a name with a blank', objectOf({ a: { ...region, 'x-mcp-header': 'My Region' } }), /a: .*must be a header name/],
    ['a name with a line end', objectOf({ a: { ...region, 'x-mcp-header': 'A\r\nB' } }), /must be a header name/],
    ['an empty name', objectOf({ a: { ...region, 'x-mcp-header': '' } }), /must be a header name/],
    ['a name that is no text', objectOf({ a: { ...region, 'x-mcp-header': 7 } }), /must be a header name/],
    ['a number', objectOf({ a: { ...region, type: 'number' } }), /string, integer or boolean/],
    ['an object', objectOf({ a: { ...region, type: 'object' } }), /string, integer or boolean/],
    ['no type', objectOf({ a: { 'x-mcp-header': 'A' } }), /string, integer or boolean/],
    ['a name used twice', objectOf({ a: region, b: { ...region, 'x-mcp-header': 'REGION' } }), /is used twice/],
  ])('refuses it on %s', (_title, schema, fault) => {
    expect(paramHeaders(schema)).toEqual({ fault: expect.stringMatching(fault) as string });
  });

  test('gives up at once on a schema that is nested without end', () => {
    let schema: Record<string, unknown> = region;
    for (let depth = 0; depth < 50_000; depth++) schema = { items: schema };
    expect(paramHeaders(schema)).toEqual({ fault: 'the schema is nested deeper than 128 levels' });
  });
});

describe('paramHeaderValues', () => {
  const headers = [
    { name: 'Region', path: ['region'] },
    { name: 'Deep', path: ['a', 'b'] },
  ];

  test.each([
    [{ region: 'eu' }, { 'mcp-param-region': 'eu' }],
    [
      { region: 'eu', a: { b: true } },
      { 'mcp-param-region': 'eu', 'mcp-param-deep': 'true' },
    ],
    [{ region: 7 }, { 'mcp-param-region': '7' }],
    [{ region: false }, { 'mcp-param-region': 'false' }],
    [{ region: '' }, { 'mcp-param-region': '' }],
    [{ region: 'Zürich' }, { 'mcp-param-region': '=?base64?WsO8cmljaA==?=' }],
    [{ region: null, a: null }, {}],
    [{ region: { no: 'text' }, a: 'no object' }, {}],
    [{}, {}],
  ])('of %j are %j', (args, expected) => {
    expect(paramHeaderValues(headers, args)).toEqual(expected);
  });

  test('come from own properties only', () => {
    expect(paramHeaderValues([{ name: 'X', path: ['constructor', 'name'] }], {})).toEqual({});
  });
});
