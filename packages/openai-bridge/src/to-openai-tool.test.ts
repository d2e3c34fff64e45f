import { isMcpError } from '@toolwire/client-core';
import type OpenAI from 'openai';
import { expect, expectTypeOf, test } from 'vitest';
import { checkOpenAITool } from './check-openai-tool.ts';
import { toOpenAITool } from './to-openai-tool.ts';

const inputSchema = {
  type: 'object',
  properties: { id: { type: 'integer' }, note: { type: 'string' } },
  required: ['id'],
};
const tool = { name: 'user.get', description: 'Gets a user.', inputSchema };

const strictParameters = {
  type: 'object',
  properties: { id: { type: 'integer' }, note: { type: ['string', 'null'] } },
  required: ['id', 'note'],
  additionalProperties: false,
};

test('makes a tool for Chat Completions, as the openai package types it', () => {
  const converted = toOpenAITool(tool, { api: 'chat' });
  expectTypeOf(converted.tool).toExtend<OpenAI.ChatCompletionFunctionTool>();
  expect(converted.tool).toEqual({
    type: 'function',
    function: { name: 'user_get', description: 'Gets a user.', parameters: strictParameters, strict: true },
  });
});

test('makes a tool for Responses, as the openai package types it', () => {
  const converted = toOpenAITool(tool, { api: 'responses', name: 'crm__user_get' });
  expectTypeOf(converted.tool).toExtend<OpenAI.Responses.FunctionTool>();
  expect(converted.tool).toEqual({
    type: 'function',
    name: 'crm__user_get',
    description: 'Gets a user.',
    parameters: strictParameters,
    strict: true,
  });
  expect(converted.strict).toBe(true);
});

test('leaves the schema as it is with strict: off, and says so to the API', () => {
  const { tool: converted, strict, losses } = toOpenAITool(tool, { api: 'responses', strict: 'off' });
  expect(converted).toMatchObject({ parameters: inputSchema, strict: false });
  expect(strict).toBe(false);
  expect(losses).toEqual([]);
});

const deep = Array.from({ length: 12 }).reduce<object>((inner) => ({ type: 'object', properties: { next: inner } }), {
  type: 'string',
  maxLength: 3,
});

test('falls back to a tool that is not strict, and says why', () => {
  const { tool: converted, strict, losses } = toOpenAITool({ name: 'deep', inputSchema: deep }, { api: 'chat' });
  expect(strict).toBe(false);
  expect(converted.function).toMatchObject({ parameters: deep, strict: false });
  expect(losses.map(({ what }) => what)).toEqual([
    'The tool deep cannot be strict: Objects and arrays are nested 12 deep; 10 is the most.',
  ]);
});

test('refuses that fallback with strict: require', () => {
  const convert = (): unknown => toOpenAITool({ name: 'deep', inputSchema: deep }, { api: 'chat', strict: 'require' });
  expect(convert).toThrow('The tool deep cannot be strict: Objects and arrays are nested 12 deep; 10 is the most.');
  expect(convert).toThrow(expect.toSatisfy((error) => isMcpError(error) && error.code === 'unsupported-capability'));
});

test('cuts a description only where it is asked to, and reports it', () => {
  const long = { name: 'long', description: 'word '.repeat(300), inputSchema: { type: 'object' } };
  expect(toOpenAITool(long, { api: 'responses' }).tool.description).toBe(long.description);
  const { tool: converted, losses } = toOpenAITool(long, { api: 'responses', maxDescriptionLength: 1024 });
  expect(converted.description).toMatch(/^(?:word )+w?o?r?d?…$/);
  expect(converted.description?.length).toBeLessThanOrEqual(1024);
  expect(losses).toContainEqual({
    path: 'description',
    keyword: 'description',
    kind: 'shortened',
    what: 'The description was cut from 1500 to 1024 characters.',
  });
});

test('describes a tool without a description by its title', () => {
  const titled = { name: 'a', title: 'Get a user', inputSchema: { type: 'object' } };
  expect(toOpenAITool(titled, { api: 'responses' }).tool.description).toBe('Get a user');
  expect(toOpenAITool({ ...titled, title: undefined }, { api: 'responses' }).tool).not.toHaveProperty('description');
});

test.each([[undefined], [null], [5], ['text'], [[]], [{ a: 'text' }]])('decodes %j without throwing', (args) => {
  const { decode } = toOpenAITool(tool, { api: 'chat' });
  expect(decode(args)).toEqual(args !== null && typeof args === 'object' && !Array.isArray(args) ? args : {});
});

function bomb(): Record<string, unknown> {
  const definitions: Record<string, unknown> = {};
  for (let level = 0; level < 100; level += 1) {
    const next = { $ref: `#/$defs/${level + 1}` };
    definitions[level] = { allOf: [next, next], anyOf: [next, next], oneOf: [next, next] };
  }
  return { type: 'object', properties: { a: { $ref: '#/$defs/0' } }, $defs: definitions };
}

function endless(depth: number): unknown {
  let schema: unknown = { type: 'string' };
  for (let level = 0; level < depth; level += 1) schema = { type: 'object', properties: { a: schema } };
  return schema;
}

const manyWays = Array.from({ length: 8 }, (_value, index) => ({ properties: { [`p${index}`]: { const: index } } }));

test.each<[string, unknown]>([
  ['no schema', undefined],
  ['a text', 'object'],
  ['false', false],
  ['another type', { type: 'string' }],
  ['properties that are a list', { type: 'object', properties: [] }],
  ['a reference to itself', { $ref: '#' }],
  ['a definition that refers to itself', { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }],
  [
    'a combination of itself',
    { $ref: '#/$defs/a', $defs: { a: { allOf: [{ $ref: '#/$defs/a' }, { type: 'object' }] } } },
  ],
  ['references that multiply', bomb()],
  ['alternatives that multiply', { type: 'object', allOf: Array.from({ length: 30 }, () => ({ anyOf: manyWays })) }],
  ['20 000 levels', endless(20_000)],
  ['an evil pattern', { type: 'object', patternProperties: { '(a+)+$': { pattern: '(a+)+$' } } }],
])('makes a clean tool of %s, in little time', (_title, schema) => {
  const started = performance.now();
  for (const strict of ['auto', 'off'] as const) {
    const converted = toOpenAITool({ name: 'odd', inputSchema: schema }, { api: 'chat', strict });
    expect(checkOpenAITool(converted.tool, { api: 'chat' })).toEqual([]);
    converted.decode({ a: { a: { a: [] } }, input: { a: `${'a'.repeat(50)}!` } });
  }
  expect(performance.now() - started).toBeLessThan(5000);
});
