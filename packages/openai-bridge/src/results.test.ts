import { ToolResult, type ContentBlock } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { toChatMessages, toFunctionCallOutputs, type ResultOptions } from './results.ts';

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';
const pdf = btoa('%PDF-1.4 and so on');
const wav = btoa('RIFF\0\0\0\0WAVEfmt ');
const pngUrl = `data:image/png;base64,${png}`;

const text = (value: string): ContentBlock => ({ type: 'text', text: value });
const image: ContentBlock = { type: 'image', mimeType: 'image/png', data: png };

function result(content: unknown[], more: Record<string, unknown> = {}): ToolResult {
  return new ToolResult({ content: content as ContentBlock[], ...more });
}

function chat(answer: ToolResult, options?: ResultOptions): unknown {
  return toChatMessages([{ id: 'call_1', name: 'draw', result: answer }], options);
}

function responses(answer: ToolResult, options?: ResultOptions): unknown {
  return toFunctionCallOutputs([{ id: 'call_1', name: 'draw', result: answer }], options)[0]?.output;
}

describe('a result becomes text', () => {
  test.each<[what: string, answer: ToolResult, expected: string]>([
    ['texts, one a line', result([text('a'), text('b')]), 'a\nb'],
    ['nothing', result([]), 'The tool has run, and answers nothing.'],
    [
      'a failure',
      result([text('the disk is full')], { isError: true }),
      'The tool reports an error:\nthe disk is full',
    ],
    ['structured content', result([], { structuredContent: { sum: 3 } }), '{"sum":3}'],
    [
      'structured content and the same as text',
      result([text('{ "sum": 3 }')], { structuredContent: { sum: 3 } }),
      '{ "sum": 3 }',
    ],
    [
      'structured content and prose',
      result([text('It is three.')], { structuredContent: { sum: 3 } }),
      'It is three.\n{"sum":3}',
    ],
    [
      'a link',
      result([{ type: 'resource_link', uri: 'file:///a.csv', name: 'a', mimeType: 'text/csv', description: 'Sales' }]),
      '[link, a, file:///a.csv, text/csv, Sales]',
    ],
    [
      'an embedded text',
      result([{ type: 'resource', resource: { uri: 'file:///a.md', mimeType: 'text/markdown', text: '# A' } }]),
      '[resource, file:///a.md, text/markdown]\n# A',
    ],
    [
      'embedded bytes that are text',
      result([{ type: 'resource', resource: { uri: 'x://a', mimeType: 'application/json', blob: btoa('{"a":1}') } }]),
      '[resource, x://a, application/json]\n{"a":1}',
    ],
    [
      'bytes of a kind that no model reads',
      result([
        { type: 'resource', resource: { uri: 'x://a.zip', mimeType: 'application/zip', blob: btoa('PK\x03\x04abc') } },
      ]),
      '[resource, x://a.zip, application/zip]\n[file, application/zip, 7 B, not shown]',
    ],
    [
      'an image that is none',
      result([{ type: 'image', mimeType: 'image/png', data: 'AAAA' }]),
      '[image, image/png, 3 B, not shown]',
    ],
    ['a sound', result([{ type: 'audio', mimeType: 'audio/wav', data: wav }]), '[audio, audio/wav, 16 B, not shown]'],
    ['content of the future', result([{ type: 'hologram', data: png }]), '[hologram, left out]'],
    [
      'blocks with fields missing',
      result([{ type: 'text' }, { type: 'image' }, {}]),
      '[image, 0 B, not shown]\n[content of no type, left out]',
    ],
  ])('%s', (_what, answer, expected) => {
    expect(chat(answer)).toEqual([{ role: 'tool', tool_call_id: 'call_1', content: expected }]);
    expect(responses(answer)).toBe(expected);
  });
});

describe('images', () => {
  test('go straight into an output of Responses, in their place', () => {
    expect(responses(result([text('before'), image, text('after')]))).toEqual([
      { type: 'input_text', text: 'before' },
      { type: 'input_image', image_url: pngUrl },
      { type: 'input_text', text: 'after' },
    ]);
  });

  test('follow all tool messages of a Chat turn, in one message of the user', () => {
    const messages = toChatMessages([
      { id: 'call_1', name: 'draw', result: result([text('one'), image]) },
      { id: 'call_2', name: 'say', result: result([text('two')]) },
      { id: 'call_3', name: 'draw', result: result([image]) },
    ]);
    expect(messages).toEqual([
      { role: 'tool', tool_call_id: 'call_1', content: 'one\n[image image/png, 68 B: see below]' },
      { role: 'tool', tool_call_id: 'call_2', content: 'two' },
      { role: 'tool', tool_call_id: 'call_3', content: '[image image/png, 68 B: see below]' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'From draw (call_1):' },
          { type: 'image_url', image_url: { url: pngUrl } },
          { type: 'text', text: 'From draw (call_3):' },
          { type: 'image_url', image_url: { url: pngUrl } },
        ],
      },
    ]);
  });

  test('are called what they are, whatever the server calls them', () => {
    const mislabelled = { type: 'image', mimeType: 'image/jpeg', data: png.replaceAll('+', '-').replaceAll('/', '_') };
    expect(responses(result([mislabelled]))).toEqual([{ type: 'input_image', image_url: pngUrl }]);
    const blob = { type: 'resource', resource: { uri: 'x://a', mimeType: 'application/octet-stream', blob: png } };
    expect(responses(result([blob]))).toEqual([
      { type: 'input_text', text: '[resource, x://a, application/octet-stream]' },
      { type: 'input_image', image_url: pngUrl },
    ]);
  });

  test('that are too large in all are left out, with a note', () => {
    expect(responses(result([image, image]), { maxAttachmentBytes: 100 })).toEqual([
      { type: 'input_image', image_url: pngUrl },
      { type: 'input_text', text: '[image image/png, 68 B: too large to be shown]' },
    ]);
  });
});

test('a PDF is a file, with its name', () => {
  const answer = result([
    { type: 'resource', resource: { uri: 'x://docs/report.pdf?v=2', mimeType: 'application/pdf', blob: pdf } },
  ]);
  const file = { filename: 'report.pdf', file_data: `data:application/pdf;base64,${pdf}` };
  expect(responses(answer)).toContainEqual({ type: 'input_file', ...file });
  expect(chat(answer)).toContainEqual({
    role: 'user',
    content: [
      { type: 'text', text: 'From draw (call_1):' },
      { type: 'file', file },
    ],
  });
});

test('sound goes to a Chat model that can listen', () => {
  const answer = result([{ type: 'audio', mimeType: 'audio/wav', data: wav }]);
  expect(chat(answer, { audio: true })).toContainEqual({
    role: 'user',
    content: [
      { type: 'text', text: 'From draw (call_1):' },
      { type: 'input_audio', input_audio: { data: wav, format: 'wav' } },
    ],
  });
  expect(responses(answer, { audio: true })).toBe('[audio, audio/wav, 16 B, not shown]');
});

describe('text', () => {
  test('is cut with a note, and never inside a character', () => {
    expect(responses(result([text('abc😀def')]), { maxCharacters: 4 })).toBe(
      'abc\n[cut: these are the first 4 of 8 characters]',
    );
    expect(responses(result([text('abc'), image, text('def')]), { maxCharacters: 4 })).toEqual([
      { type: 'input_text', text: 'abc' },
      { type: 'input_image', image_url: pngUrl },
      { type: 'input_text', text: 'd\n[cut: these are the first 4 of 6 characters]' },
    ]);
  });

  test('holds no base64, wherever it hides', () => {
    const long = png.replaceAll('=', '').repeat(30);
    const answer = result([text(`see ![](data:image/png;base64,${long})`)], {
      structuredContent: { raw: long, url: `data:image/png;base64,${long}`, short: 'aGVsbG8=' },
    });
    expect(responses(answer)).toBe(
      'see ![]([image/png, 2 kB, left out])\n{"raw":"[base64, 2 kB]","url":"[image/png, 2 kB, left out]","short":"aGVsbG8="}',
    );
  });
});

test('results with the same id are one answer', () => {
  const results = [
    { id: 'call_1', name: 'a', result: result([text('one')]) },
    { id: 'call_1', name: 'b', result: 'Not called.' },
  ];
  expect(toChatMessages(results)).toEqual([
    { role: 'tool', tool_call_id: 'call_1', content: 'a:\none\nb:\nNot called.' },
  ]);
  expect(toFunctionCallOutputs(results)).toHaveLength(1);
});
