import { describe, expect, test } from 'vitest';
import { buildArguments, type ArgumentSources } from './build-arguments.ts';
import { readToolTokens } from './tool-tokens.ts';

const schema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    count: { type: 'integer', minimum: 1 },
    tags: { type: 'array', items: { type: 'string' } },
    filter: { type: 'object', properties: { year: { type: 'integer' }, kind: { type: 'string' } } },
    force: { type: 'boolean' },
  },
};

const files: Readonly<Record<string, string>> = {
  'text.txt': '007',
  'args.json': '{"name":"file"}',
  '-': '{"name":"pipe"}',
};

async function readText(file: string): Promise<string> {
  return files[file] ?? '';
}

function build(
  tokens: readonly string[],
  given: Partial<ArgumentSources> = {},
  of: unknown = schema,
): Promise<unknown> {
  const { entries } = readToolTokens(tokens, of);
  return buildArguments(of, { entries, input: undefined, validate: true, readText, ...given });
}

test.each<[tokens: string[], input: string | undefined, expected: unknown]>([
  [[], undefined, {}],
  [['--name', '007', '--count', '3'], undefined, { name: '007', count: 3 }],
  [['--tags', 'a', '--tags', 'b'], undefined, { tags: ['a', 'b'] }],
  [['--filter.year', '2026', 'filter.kind=x'], undefined, { filter: { year: 2026, kind: 'x' } }],
  [['--force'], undefined, { force: true }],
  [['--no-force'], undefined, { force: false }],
  [['count:=3', 'name=@text.txt'], undefined, { count: 3, name: '007' }],
  [['filter:=@args.json'], undefined, { filter: { name: 'file' } }],
  [[], '{"name":"x"}', { name: 'x' }],
  [[], '@args.json', { name: 'file' }],
  [[], '-', { name: 'pipe' }],
  [['--name', 'flag'], '{"name":"x","count":2}', { name: 'flag', count: 2 }],
  [['--filter.year', '1'], '{"filter":{"kind":"x"}}', { filter: { kind: 'x', year: 1 } }],
])('%j with input %j', async (tokens, input, expected) => {
  expect(await build(tokens, { input })).toEqual(expected);
});

test('a property called __proto__ is data', async () => {
  const args = await build(['__proto__.polluted=1'], {}, { type: 'object' });
  expect(JSON.stringify(args)).toBe('{"__proto__.polluted":"1"}');
  const nested = { type: 'object', properties: JSON.parse('{"__proto__":{"type":"object"}}') as unknown };
  expect(JSON.stringify(await build(['--__proto__.polluted', '1'], {}, nested))).toBe('{"__proto__":{"polluted":"1"}}');
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

describe('arguments that do not fit are refused by name', () => {
  const required = { ...schema, required: ['name', 'count'] };
  test.each<[tokens: string[], of: unknown, message: string]>([
    [[], required, 'Missing --name, --count'],
    [['--count', 'x'], schema, 'count must be an integer, not "x"'],
    [['--name', 'a', '--name', 'b'], schema, 'name must be one value, not "a", "b"'],
    [['count:="x"'], schema, 'count must be'],
    [['--count', '0'], schema, 'count must be'],
    [['filter:={"year":"x"}'], schema, 'filter.year must be'],
  ])('%j', async (tokens, of, message) => {
    const refusal = { code: 'arguments-invalid', message: expect.stringContaining(message) as string };
    await expect(build(tokens, {}, of)).rejects.toMatchObject(refusal);
  });

  test.each<[tokens: string[], input: string | undefined, message: string]>([
    [['filter:={'], undefined, 'filter is not valid JSON'],
    [[], '{', '--input is not valid JSON'],
    [[], '[1]', '--input wants a JSON object'],
    [['--force', '--no-force'], undefined, 'force is given more than once'],
    [['count:=1', 'count:=2'], undefined, 'count is given more than once'],
  ])('%j with input %j', async (tokens, input, message) => {
    const refusal = { code: 'usage', message: expect.stringContaining(message) as string };
    await expect(build(tokens, { input })).rejects.toMatchObject(refusal);
  });
});

test('are sent as they stand without validation', async () => {
  expect(await build(['--count', 'x', '--tags', 'a'], { validate: false })).toEqual({ count: 'x', tags: ['a'] });
});

test('schemas that no validator knows stop nothing', async () => {
  const odd = { type: 'object', properties: { value: { type: 'colour', $ref: 'https://example.com/x', 'x-y': [] } } };
  expect(await build(['--value', 'red'], {}, odd)).toEqual({ value: 'red' });
});
