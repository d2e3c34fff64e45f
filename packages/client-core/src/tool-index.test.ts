import { describe, expect, test } from 'vitest';
import type { CallToolResult, Tool } from './protocol/types.ts';
import { toolError, ToolIndex } from './tool-index.ts';

function tool(name: string, fields: object = {}): Tool {
  return { name, inputSchema: { type: 'object' }, ...fields };
}

const withHeader = (header: unknown): object => ({
  inputSchema: { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': header } } },
});

/** The index after a list, and what the list was made of it. */
function listed(tools: Tool[], hasParamHeaders = true): { index: ToolIndex; names: string[]; dropped: string[] } {
  const index = new ToolIndex();
  const dropped: string[] = [];
  const kept = index.replace(tools, hasParamHeaders, (what) => dropped.push(what));
  return { index, names: kept.map(({ name }) => name), dropped };
}

describe('headers', () => {
  test('are known for the tools that want some', () => {
    const { index } = listed([tool('a', withHeader('Region')), tool('b')]);
    expect(index.headersFor('a', { region: 'eu' })).toEqual({ 'mcp-param-region': 'eu' });
    expect(index.headersFor('a', {})).toEqual({});
    expect(index.headersFor('b', { region: 'eu' })).toBeUndefined();
    expect(index.headersFor('unknown', {})).toBeUndefined();
  });

  test('that are not valid drop their tool, and say why', () => {
    const { index, names, dropped } = listed([tool('a'), tool('bad', withHeader('no good')), tool('c')]);
    expect(names).toEqual(['a', 'c']);
    expect(dropped).toEqual([
      expect.stringMatching(/^tool bad is left out: region: x-mcp-header must be a header name/),
    ]);
    expect(index.headersFor('bad', { region: 'eu' })).toBeUndefined();
  });

  test('mean nothing where arguments are not repeated as headers', () => {
    const { index, names, dropped } = listed(
      [tool('a', withHeader('Region')), tool('b', withHeader('no good'))],
      false,
    );
    expect([names, dropped]).toEqual([['a', 'b'], []]);
    expect(index.headersFor('a', { region: 'eu' })).toBeUndefined();
  });

  test('are those of the last list', () => {
    const { index } = listed([tool('a', withHeader('Region'))]);
    index.replace([tool('a')], true, () => {});
    expect(index.headersFor('a', { region: 'eu' })).toBeUndefined();
  });

  test('are looked up by name only', () => {
    const { index } = listed([tool('__proto__', withHeader('Region')), tool('constructor')]);
    expect(index.headersFor('__proto__', { region: 'eu' })).toEqual({ 'mcp-param-region': 'eu' });
    expect(index.headersFor('toString', {})).toBeUndefined();
  });
});

describe('a result', () => {
  const outputSchema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
  const { index } = listed([tool('a', { outputSchema }), tool('b')]);
  const of = (fields: object): CallToolResult => ({ content: [], ...fields });

  test.each([
    ['a', { structuredContent: { n: 1 } }, undefined],
    ['a', { structuredContent: { n: 'one' } }, /^structuredContent breaks the outputSchema: .*n/],
    ['a', {}, /^structuredContent is missing, though the tool has an outputSchema$/],
    ['a', { isError: true }, undefined],
    ['b', { structuredContent: 7 }, undefined],
    ['unknown', {}, undefined],
  ])('of %s with %j', async (name, fields, expected) => {
    const violation = index.hasOutputSchema(name) ? await index.violationOf(name, of(fields)) : undefined;
    if (expected === undefined) expect(violation).toBeUndefined();
    else expect(violation).toMatch(expected);
  });
});

test('the error of a tool quotes it on one line, in part', () => {
  const error = toolError('a', `no\nsuch \u001B[31mfile ${'x'.repeat(5000)}`);
  expect(error).toMatchObject({ code: 'tool-error', delivered: 'yes' });
  expect(error.message.length).toBeLessThan(2200);
  expect(error.message).toMatch(/^a failed: no such \\u\{1b\}\[31mfile x/);
});
