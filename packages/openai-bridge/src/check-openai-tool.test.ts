import { expect, test } from 'vitest';
import { checkOpenAITool, checkOpenAITools } from './check-openai-tool.ts';
import type { OpenAIRule } from './check/violation.ts';

function strictObject(properties: Record<string, unknown>): Record<string, unknown> {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function violationsOf(parameters: unknown, strict: boolean): string[] {
  const tool = { type: 'function', name: 'tool', parameters, strict };
  return checkOpenAITool(tool, { api: 'responses' }).map(({ rule, path }) => `${rule} ${path}`);
}

type Case = [rule: OpenAIRule, path: string, property: unknown];
const everyTool: Case[] = [
  ['A2', '', 'string'],
  ['A2', '', null],
  ['A2', '.type', { type: 'file' }],
  ['A2', '.type', { type: [] }],
  ['A2', '.type', { type: ['string', 'string'] }],
  ['A2', '.exclusiveMinimum', { type: 'integer', minimum: 0, exclusiveMinimum: true }],
  ['A2', '.items', { type: 'array', items: [{ type: 'string' }] }],
  ['A2', '.required', { type: 'object', properties: {}, required: true }],
  ['A2', '.required', { type: 'object', properties: {}, required: ['a', 'a'] }],
  ['A2', '.properties', { type: 'object', properties: [] }],
  ['A2', '.anyOf', { anyOf: [] }],
  ['A2', '.anyOf[1]', { anyOf: [{ type: 'string' }, 'number'] }],
  ['A2', '.enum', { type: 'string', enum: 'a' }],
  ['A2', '.minLength', { type: 'string', minLength: -1 }],
  ['A2', '.multipleOf', { type: 'number', multipleOf: 0 }],
  ['A2', '.description', { type: 'string', description: 5 }],
  ['A2', '.pattern', { type: 'string', pattern: '[a' }],
  ['A2', '.dependentRequired', { type: 'object', dependentRequired: { a: 'b' } }],
  ['A3', '', { type: 'array' }],
  ['A3', '', { type: ['array', 'null'], prefixItems: [{ type: 'string' }] }],
  ['A3', '.anyOf[1]', { anyOf: [{ type: 'string' }, { type: 'array' }] }],
  ['A4', '.pattern', { type: 'string', pattern: '^(?!x).*$' }],
  ['A4', '.pattern', { type: 'string', pattern: '(?<=a)b' }],
  ['A4', '.pattern', { type: 'object', patternProperties: { '(?=a)': {} } }],
  ['A5', '.$ref', { $ref: '#/$defs/none' }],
  ['A5', '.$ref', { $ref: 'https://example.com/schema.json' }],
  ['A5', '.items.$ref', { type: 'array', items: { $ref: '#/properties/p/nothing' } }],
];

test.each(everyTool)('%s: finds at p%s what is wrong with %j', (rule, path, property) => {
  expect(violationsOf({ type: 'object', properties: { p: property } }, false)).toContain(
    `${rule} parameters.properties.p${path}`,
  );
});

test.each([
  ['A1 parameters.type', { properties: {} }],
  ['A1 parameters.type', { type: ['object'], properties: {} }],
  ['A1 parameters', { type: 'object' }],
  ['A1 parameters.anyOf', { type: 'object', properties: {}, anyOf: [{ required: ['a'] }] }],
  ['A1 parameters.oneOf', { type: 'object', properties: {}, oneOf: [{}] }],
  ['A1 parameters.allOf', { type: 'object', properties: {}, allOf: [{}] }],
  ['A1 parameters.enum', { type: 'object', properties: {}, enum: [{}] }],
  ['A1 parameters.not', { type: 'object', properties: {}, not: {} }],
  ['A2 parameters', 'text'],
])('%s: finds what is wrong with the root %j', (violation, parameters) => {
  expect(violationsOf(parameters, false)).toContain(violation);
});

const strictTools: Case[] = [
  ['S1', '', { type: 'object', properties: {}, required: [] }],
  ['S1', '', { type: 'object', properties: {}, required: [], additionalProperties: true }],
  ['S1', '', { type: 'object', required: [], additionalProperties: false }],
  ['S1', '', { type: 'object', properties: {}, additionalProperties: false }],
  [
    'S1',
    '.required',
    { type: 'object', properties: { a: { type: 'null' } }, required: [], additionalProperties: false },
  ],
  ['S1', '.required', { type: 'object', properties: {}, required: ['a'], additionalProperties: false }],
  ['S2', '', {}],
  ['S2', '', { description: 'Anything.' }],
  ['S2', '', { enum: ['a'] }],
  ['S2', '', { const: 'a' }],
  ['S2', '.enum', { type: 'string', enum: [] }],
  ['S3', '', true],
  ['S3', '.oneOf', { oneOf: [{ type: 'string' }] }],
  ['S3', '.uniqueItems', { type: 'array', items: { type: 'string' }, uniqueItems: true }],
  ['S3', '.prefixItems', { type: 'array', items: { type: 'string' }, prefixItems: [{ type: 'string' }] }],
  ['S3', '.not', { type: 'string', not: { const: '' } }],
  ['S3', '.if', { type: 'string', if: { type: 'null' } }],
  ['S3', '.propertyNames', { ...strictObject({}), propertyNames: { type: 'string' } }],
  ['S4', '', { $ref: '#', description: 'The same again.' }],
  ['S5', '.format', { type: 'string', format: 'uri' }],
  ['S6', '.default', { type: 'string', default: 'a' }],
  ['S6', '.maxLength', { type: 'string', maxLength: 5 }],
];

test.each(strictTools)('%s: finds at p%s what strict refuses in %j', (rule, path, property) => {
  const violation = `${rule} parameters.properties.p${path}`;
  expect(violationsOf(strictObject({ p: property }), true)).toContain(violation);
  expect(violationsOf({ type: 'object', properties: { p: property } }, false)).not.toContain(violation);
});

function nested(levels: number): Record<string, unknown> {
  return levels === 1 ? strictObject({}) : strictObject({ next: nested(levels - 1) });
}

function propertiesCount(count: number, name = 'p'): Record<string, unknown> {
  return strictObject(
    Object.fromEntries(Array.from({ length: count }, (_value, index) => [`${name}${index}`, { type: 'null' }])),
  );
}

function enumOf(count: number, length: number): Record<string, unknown> {
  const values = Array.from({ length: count }, (_value, index) => String(index).padStart(length, 'x'));
  return strictObject({ p: { type: 'string', enum: values } });
}

test.each([
  ['10 levels', nested(10), nested(11)],
  ['5000 properties', propertiesCount(5000), propertiesCount(5001)],
  ['120 000 characters', propertiesCount(1000, 'n'.repeat(116)), propertiesCount(1000, 'n'.repeat(118))],
  ['1000 enum values', enumOf(1000, 3), enumOf(1001, 4)],
  ['15 000 characters in a long enum', enumOf(300, 50), enumOf(300, 51)],
])('S7: lets %s pass, and no more', (_limit, most, more) => {
  expect(violationsOf(most, true)).toEqual([]);
  expect(violationsOf(more, true)).toEqual([expect.stringMatching(/^S7 /)]);
  expect(violationsOf(more, false)).toEqual([]);
});

test('follows references to count the levels, and stops at recursion', () => {
  const chain = { ...nested(5), $defs: { deep: nested(6) } };
  const last = { ...strictObject({ next: { $ref: '#/$defs/deep' } }) };
  expect(violationsOf({ ...strictObject({ a: last, b: chain }), $defs: { deep: nested(9) } }, true)).toContain(
    'S7 parameters',
  );
  const tree = { ...strictObject({ next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } }) };
  expect(violationsOf(tree, true)).toEqual([]);
});

const clean = {
  name: 'find_user',
  description: 'Finds a user.',
  strict: true,
  parameters: {
    ...strictObject({
      id: { type: 'integer', minimum: 1, description: 'Its number.' },
      mail: { type: ['string', 'null'], format: 'email', pattern: '^[^@]+@(?:a|b)[(?=x)]$' },
      kind: { anyOf: [{ type: 'string', enum: ['a', 'b'] }, { type: 'null' }] },
      tree: { $ref: '#/$defs/tree' },
      list: { type: 'array', items: { type: 'string', const: 'x' }, minItems: 1, maxItems: 3 },
    }),
    $defs: { tree: strictObject({ children: { type: 'array', items: { $ref: '#/$defs/tree' } } }) },
  },
};

test('lets a good tool pass, in the form of each API', () => {
  expect(checkOpenAITool({ type: 'function', function: clean }, { api: 'chat' })).toEqual([]);
  expect(checkOpenAITool({ type: 'function', ...clean }, { api: 'responses' })).toEqual([]);
  expect(checkOpenAITool({ type: 'function', function: { name: 'now' } }, { api: 'chat' })).toEqual([]);
});

test.each([
  [{ type: 'function', ...clean }, 'chat', ''],
  [{ type: 'function', function: clean }, 'responses', 'name'],
  [{ type: 'custom', name: 'a' }, 'responses', ''],
  [null, 'chat', ''],
  [{ type: 'function', function: { ...clean, name: 'a.b' } }, 'chat', 'function.name'],
  [{ type: 'function', function: { ...clean, name: 'x'.repeat(65) } }, 'chat', 'function.name'],
  [{ type: 'function', ...clean, name: 'x'.repeat(129) }, 'responses', 'name'],
  [{ type: 'function', ...clean, name: '' }, 'responses', 'name'],
  [{ type: 'function', ...clean, description: 5 }, 'responses', 'description'],
  [{ type: 'function', ...clean, strict: 'yes' }, 'responses', 'strict'],
] as const)('refuses %j for %s', (tool, api, path) => {
  expect(checkOpenAITool(tool, { api })).toMatchObject([{ path }]);
});

test('takes 128 characters for Responses', () => {
  expect(checkOpenAITool({ type: 'function', ...clean, name: 'x'.repeat(128) }, { api: 'responses' })).toEqual([]);
});

test('finds the tools of one request that have the same name, and says which tool is wrong', () => {
  const tool = { type: 'function', function: { name: 'a' } };
  const other = { type: 'function', function: { name: 'b b' } };
  expect(checkOpenAITools([tool, other, tool], { api: 'chat' })).toMatchObject([
    { path: '[1].function.name', rule: 'A5' },
    { path: '[2].name', rule: 'A5' },
  ]);
});
