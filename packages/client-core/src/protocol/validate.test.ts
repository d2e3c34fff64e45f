import { describe, expect, test } from 'vitest';
import type { JsonObject } from './jsonrpc.ts';
import type { Report } from './report.ts';
import {
  checkCompletion,
  checkList,
  checkObject,
  checkPromptResult,
  checkReadResult,
  checkToolResult,
  keepPrompt,
  keepResource,
  keepTemplate,
  keepTool,
  type Checking,
  type Keep,
} from './validate.ts';

/** What a check makes of a value, and what it reports. */
function lenient<T>(check: (checking: Checking) => T): { value: T; reports: string[] } {
  const reports: Report[] = [];
  const value = check({ method: 'm', strict: false, onReport: (report) => reports.push(report) });
  return { value, reports: reports.map(({ kind, message }) => `${kind}: ${message}`) };
}

function strictly(check: (checking: Checking) => unknown): () => unknown {
  const onReport = (): void => expect.unreachable('strict reports nothing, it throws');
  return () => check({ method: 'm', strict: true, onReport });
}

const list =
  <T>(key: string, keep: Keep<T>, result: unknown) =>
  (checking: Checking): T[] =>
    checkList(checking, result, key, (item, path) => keep(checking, item, path));

const schema = { type: 'object' };
const invalid = { code: 'invalid-response', delivered: 'yes', retryable: false };

describe('a result', () => {
  test.each([[null], [undefined], ['text'], [[]], [7]])('%j is none', (result) => {
    const thrown = (): unknown => lenient((checking) => checkObject(checking, result));
    expect(thrown).toThrow(expect.objectContaining({ ...invalid, message: 'm: the result is not an object' }));
  });
});

describe('a list', () => {
  test.each([
    [{ tools: null }, 'repaired: m: tools is null; read as an empty list'],
    [{}, 'repaired: m: tools is missing; read as an empty list'],
  ])('%j is empty', (result, report) => {
    const check = list('tools', keepTool, result);
    expect(lenient(check)).toEqual({ value: [], reports: [report] });
    expect(strictly(check)).toThrow(expect.objectContaining(invalid));
  });

  test.each([[{ tools: 'none' }], [{ tools: {} }], [{ tools: 0 }]])('%j is none', (result) => {
    expect(() => lenient(list('tools', keepTool, result))).toThrow('m: tools is not a list');
  });

  test('keeps its good items when one is of no use', () => {
    const good = { name: 'a', inputSchema: schema };
    for (const bad of [null, 'b', {}, { name: '' }, { name: 7 }]) {
      const check = list('tools', keepTool, { tools: [good, bad, { ...good, name: 'c' }] });
      const { value, reports } = lenient(check);
      expect(value.map(({ name }) => name)).toEqual(['a', 'c']);
      expect(reports).toEqual(['dropped: m: tools[1] cannot be used and is left out']);
      expect(strictly(check)).toThrow('tools[1] cannot be used');
    }
  });

  test.each<[string, Keep<unknown>, JsonObject]>([
    ['resource', keepResource, { uri: 'file:///a', odd: [1] }],
    ['template', keepTemplate, { uriTemplate: 'file:///{a}', odd: [1] }],
    ['prompt', keepPrompt, { name: 'a', odd: [1] }],
  ])('keeps a %s that can be asked for, as it is', (_kind, keep, item) => {
    expect(lenient(list('l', keep, { l: [item, { odd: [1] }] })).value).toEqual([item]);
  });
});

test('what a server says is quoted on one line, in part', () => {
  const name = `a\n\u001B[31m${'x'.repeat(5000)}`;
  const check = list('tools', keepTool, { tools: [{ name, inputSchema: schema, title: 7 }] });
  const { value, reports } = lenient(check);
  expect(value[0]?.name).toBe(name);
  expect(reports[0]?.length).toBeLessThan(2200);
  expect(reports[0]).toMatch(/\(tool a \\u\{1b\}\[31mx/);
});

describe('a tool', () => {
  test.each([
    ['title', 7, undefined],
    ['description', null, undefined],
    ['annotations', null, undefined],
    ['_meta', [], undefined],
    ['execution', 'fast', undefined],
    ['outputSchema', 'text', undefined],
    ['inputSchema', null, schema],
    ['inputSchema', {}, schema],
    ['inputSchema', { type: 'string', properties: {} }, { type: 'object', properties: {} }],
  ])('with the %s %j can still be called', (key, value, repaired) => {
    const check = list('tools', keepTool, { tools: [{ name: 'a', inputSchema: schema, [key]: value }] });
    const expected = { name: 'a', inputSchema: schema, ...(repaired !== undefined && { [key]: repaired }) };
    const { value: tools, reports } = lenient(check);
    expect(tools).toEqual([expected]);
    expect(reports).toEqual([expect.stringMatching(`^repaired: m: tools\\[0\\]\\.${key} \\(tool a\\) is not `)]);
    expect(strictly(check)).toThrow(expect.objectContaining(invalid));
  });

  test('without an inputSchema takes any object', () => {
    expect(lenient(list('tools', keepTool, { tools: [{ name: 'a' }] })).value).toEqual([
      { name: 'a', inputSchema: schema },
    ]);
  });

  test('has no field that is undefined, as objects in memory may have them', () => {
    const keys = ['title', 'description', 'annotations', '_meta', 'execution', 'outputSchema'];
    const tool = { name: 'a', inputSchema: schema, ...Object.fromEntries(keys.map((key) => [key, undefined])) };
    const check = list('tools', keepTool, { tools: [tool] });
    expect(lenient(check)).toEqual({ value: [{ name: 'a', inputSchema: schema }], reports: [] });
  });

  test('that is right is passed on with every field it has', () => {
    const tool = { name: 'a', inputSchema: schema, outputSchema: schema, icons: [], 'x-vendor': 1, _meta: {} };
    const check = list('tools', keepTool, { tools: [tool] });
    expect(lenient(check)).toEqual({ value: [tool], reports: [] });
    expect(strictly(check)()).toEqual([tool]);
  });
});

describe("a tool's result", () => {
  const text = { type: 'text', text: 'a' };

  test.each<[JsonObject, JsonObject, string[]]>([
    [{ content: [text] }, { content: [text] }, []],
    [{ content: [text], isError: true, vendor: 1 }, { content: [text], isError: true, vendor: 1 }, []],
    [{ structuredContent: { a: 1 } }, { structuredContent: { a: 1 }, content: [] }, []],
    [{}, { content: [] }, ['repaired: m: content is missing; read as an empty list']],
    [{ content: null }, { content: [] }, ['repaired: m: content is null; read as an empty list']],
    [
      { content: [text], isError: null },
      { content: [text], isError: false },
      ['repaired: m: isError is not a boolean'],
    ],
    [
      { content: [text], isError: 'true' },
      { content: [text], isError: true },
      ['repaired: m: isError is not a boolean'],
    ],
    [
      { content: [{ type: 'text', text: null }] },
      { content: [{ type: 'text', text: '' }] },
      ['repaired: m: content[0].text is not a text'],
    ],
    [
      { content: [{ type: 'text', text: { a: 1 } }] },
      { content: [{ type: 'text', text: '{"a":1}' }] },
      ['repaired: m: content[0].text is not a text'],
    ],
    [
      { content: [{ text: 'no type' }, null, text] },
      { content: [text] },
      [
        'dropped: m: content[0] cannot be used and is left out',
        'dropped: m: content[1] cannot be used and is left out',
      ],
    ],
    [
      { content: [{ type: 'hologram', data: 1 }] },
      { content: [{ type: 'hologram', data: 1 }] },
      ['unknown: m: content[0] has the type hologram; passed on as it is'],
    ],
  ])('%j', (result, expected, reports) => {
    const check = (checking: Checking): unknown => checkToolResult(checking, result);
    expect(lenient(check)).toEqual({ value: expected, reports });
    if (reports.length === 0) expect(strictly(check)()).toEqual(expected);
    else expect(strictly(check)).toThrow(expect.objectContaining(invalid));
  });
});

describe('other results', () => {
  test('a resource keeps its parts that have text or bytes', () => {
    const parts = [{ uri: 'a', text: '' }, { uri: 'a', blob: 'YQ==' }, { uri: 'a' }, { uri: 'a', text: null }];
    const { value, reports } = lenient((checking) => checkReadResult(checking, { contents: parts, ttlMs: 5 }));
    expect(value).toEqual({ contents: parts.slice(0, 2), ttlMs: 5 });
    expect(reports).toHaveLength(2);
  });

  test('a prompt keeps its messages that have content', () => {
    const message = { role: 'user', content: { type: 'text', text: 'hi' } };
    const { value, reports } = lenient((checking) =>
      checkPromptResult(checking, { messages: [message, { role: 'x' }] }),
    );
    expect(value).toEqual({ messages: [message] });
    expect(reports).toHaveLength(1);
  });

  test.each<[JsonObject, JsonObject, number]>([
    [{ completion: { values: ['a'], hasMore: true } }, { completion: { values: ['a'], hasMore: true } }, 0],
    [{ completion: { values: ['a', 7, null] } }, { completion: { values: ['a'] } }, 0],
    [{ completion: { values: null } }, { completion: { values: [] } }, 1],
    [{}, { completion: { values: [] } }, 1],
  ])('a completion %j', (result, expected, reports) => {
    const outcome = lenient((checking) => checkCompletion(checking, result));
    expect(outcome.value).toEqual(expected);
    expect(outcome.reports).toHaveLength(reports);
  });
});
