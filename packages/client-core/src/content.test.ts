import { describe, expect, test } from 'vitest';
import { decodeResource, ToolResult } from './content.ts';
import type { CallToolResult, ReadResourceResult } from './protocol/types.ts';

function result(raw: object): ToolResult {
  return new ToolResult({ content: [], ...raw });
}

const text = (value: string): object => ({ type: 'text', text: value });
const embedded = (resource: object): object => ({ type: 'resource', resource: { uri: 'a', ...resource } });
const image = (data: unknown): object => ({ type: 'image', mimeType: 'image/png', data });

describe('text', () => {
  test.each([
    [[], ''],
    [[text('a'), image('YQ=='), text('b')], 'a\nb'],
    [[embedded({ text: 'inside' }), embedded({ blob: 'YQ==' })], 'inside'],
    [
      [
        { type: 'resource_link', uri: 'a', name: 'b' },
        { type: 'hologram', text: 'x' },
      ],
      '',
    ],
    [[text('')], ''],
  ])('of %j is %j', (content, expected) => {
    expect(result({ content }).text()).toBe(expected);
  });
});

describe('json', () => {
  test.each<[string, object, unknown]>([
    ['the structured result', { structuredContent: { a: 1 }, content: [text('{"a":2}')] }, { a: 1 }],
    ['a structured null', { structuredContent: null, content: [text('{"a":2}')] }, null],
    ['the text', { content: [text('{"a":2}')] }, { a: 2 }],
    ['a text in several blocks', { content: [text('{"a":'), text('2}')] }, { a: 2 }],
    ['a list of one block an item', { content: [text('{"a":1}'), text('{"a":2}')] }, [{ a: 1 }, { a: 2 }]],
    ['the text of a resource', { content: [embedded({ text: '[1]' })] }, [1]],
    ['text beside an image', { content: [image('YQ=='), text('7')] }, 7],
  ])('is %s', (_title, raw, expected) => {
    expect(result(raw).json()).toEqual(expected);
  });

  test.each([[[]], [[text('no json')]], [[text('1'), text('no json')]], [[image('YQ==')]]])(
    'of %j is an error that says what to do',
    (content) => {
      expect(() => result({ content }).json()).toThrow(
        expect.objectContaining({ code: 'invalid-response', message: 'The result is no JSON; read text() instead' }),
      );
    },
  );
});

test('images are decoded, base64 of either alphabet', () => {
  const bytes = new Uint8Array([251, 255, 0]);
  const content = [text('a'), image('+/8A'), image('-_8A'), image('')];
  expect(result({ content }).images()).toEqual([
    { mimeType: 'image/png', data: bytes },
    { mimeType: 'image/png', data: bytes },
    { mimeType: 'image/png', data: new Uint8Array() },
  ]);
});

test.each([['not base64 %'], [null], [undefined], [7]])('an image with the data %j is an error of ours', (data) => {
  expect(() => result({ content: [image(data)] }).images()).toThrow(
    expect.objectContaining({ code: 'invalid-response' }),
  );
});

test('a failure of the tool is a result that says so', () => {
  expect(result({}).isError).toBe(false);
  expect(result({ isError: true }).isError).toBe(true);
  const raw = { content: [], structuredContent: [1], _meta: { a: 1 } } as unknown as CallToolResult;
  expect(new ToolResult(raw).raw).toBe(raw);
  expect(new ToolResult(raw).structured).toEqual([1]);
});

describe('a resource', () => {
  const decode = (...contents: object[]): unknown => decodeResource({ contents } as unknown as ReadResourceResult);

  test.each<[string, object, unknown]>([
    ['text', { text: 'a' }, 'a'],
    ['text of another type', { text: '{"a":1}', mimeType: 'text/plain' }, '{"a":1}'],
    ['JSON', { text: '{"a":1}', mimeType: 'application/json' }, { a: 1 }],
    ['JSON with parameters', { text: '[1]', mimeType: 'application/json; charset=utf-8' }, [1]],
    ['a kind of JSON', { text: '{"a":1}', mimeType: 'application/ld+json' }, { a: 1 }],
    ['JSON that is none', { text: 'oops', mimeType: 'application/json' }, 'oops'],
    ['JSON of its own lines', { text: '1\n2', mimeType: 'application/jsonl' }, '1\n2'],
    ['bytes', { blob: 'AQI=' }, new Uint8Array([1, 2])],
    ['text beside an empty blob', { text: 'a', blob: null }, 'a'],
  ])('%s is decoded', (_title, part, expected) => {
    expect(decode({ uri: 'a', ...part })).toEqual(expected);
  });

  test('of several parts is a list, and of none an empty one', () => {
    expect(decode({ text: 'a' }, { blob: 'AQI=' })).toEqual(['a', new Uint8Array([1, 2])]);
    expect(decode()).toEqual([]);
  });
});
