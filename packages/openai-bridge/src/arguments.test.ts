import { expect, test } from 'vitest';
import { readArguments } from './arguments.ts';
import { toOpenAITool } from './to-openai-tool.ts';

const inputSchema = {
  type: 'object',
  properties: {
    city: { type: 'string' },
    days: { type: 'integer', minimum: 1 },
    tags: { type: 'array', items: { type: 'string' }, uniqueItems: true },
    extra: { type: 'object' },
  },
  required: ['city'],
  additionalProperties: false,
} as const;
const weather = toOpenAITool({ name: 'weather', inputSchema }, { api: 'responses' });

function read(text: string): unknown {
  return readArguments(text, weather, inputSchema);
}

test('gives the arguments that the tool takes, without the nulls of strict mode', () => {
  expect(read('{"city":"Rome","days":null,"tags":["a"],"extra":"{\\"unit\\":\\"C\\"}"}')).toEqual({
    args: { city: 'Rome', tags: ['a'], extra: { unit: 'C' } },
  });
});

test('reads nothing as no arguments', () => {
  const nothing = toOpenAITool({ name: 'now', inputSchema: { type: 'object' } }, { api: 'chat' });
  expect(readArguments('', nothing, { type: 'object' })).toEqual({ args: {} });
  expect(readArguments(' \n', nothing, { type: 'object' })).toEqual({ args: {} });
});

test('reads an object that was written as a text in JSON', () => {
  expect(read(JSON.stringify('{"city":"Rome"}'))).toEqual({ args: { city: 'Rome' } });
});

test.each([
  ['{"city":"Ro', 'Their JSON ends in the middle'],
  ['{"city":"Rome"', 'Their JSON ends in the middle'],
  ['{"city":"Rome","tags":["a","b', 'Their JSON ends in the middle'],
  ['{"city":"a \\"quoted\\" }', 'Their JSON ends in the middle'],
  ['{"city":Rome}', 'They are not JSON: '],
  ['{"city":"Rome"} }', 'They are not JSON: '],
  ['["Rome"]', 'They must be one JSON object.'],
  ['null', 'They must be one JSON object.'],
  ['"Rome"', 'They must be one JSON object.'],
  ['{"days":2}', 'city is required.'],
  ['{"city":5}', 'city must be a string, not an integer.'],
  ['{"city":"Rome","days":0}', 'days must be at least 1.'],
  ['{"city":"Rome","tags":["a","a"]}', 'tags[1] repeats an earlier item.'],
  ['{"city":"Rome","unit":"C"}', 'unit is not a known property; known are: city, days, tags, extra.'],
  ['{"city":"Rome","extra":"{oops"}', 'extra must be the JSON text of one object.'],
])('tells the model what is wrong with %s', (text, problem) => {
  const error = expect.stringContaining(problem) as string;
  expect(read(text)).toEqual({ error });
  expect(read(text)).toEqual({
    error: expect.stringMatching(/^Not called: .* Correct this and call again\.$/) as string,
  });
});

test('refuses arguments that are nested without end', () => {
  const tree = { type: 'object', properties: { next: { $ref: '#' }, name: { type: 'string' } }, required: ['name'] };
  const converted = toOpenAITool({ name: 'tree', inputSchema: tree }, { api: 'chat' });
  const text = '{"next":'.repeat(100_000) + '1' + '}'.repeat(100_000);
  expect(readArguments(text, converted, tree)).toHaveProperty('error');
});

test('keeps keys that every object inherits', () => {
  const open = { type: 'object', properties: { __proto__: null, a: { type: 'object' } } };
  const converted = toOpenAITool({ name: 'open', inputSchema: open }, { api: 'chat' });
  const result = readArguments('{"a":"{\\"__proto__\\":{\\"b\\":1},\\"constructor\\":2}"}', converted, open);
  expect(JSON.stringify(result)).toBe('{"args":{"a":{"__proto__":{"b":1},"constructor":2}}}');
});
