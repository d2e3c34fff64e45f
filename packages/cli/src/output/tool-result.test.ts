import { ToolResult } from '@toolwire/client-core';
import { expect, test } from 'vitest';
import { formatToolResult } from './tool-result.ts';

function format(result: unknown): string {
  return formatToolResult(new ToolResult(result as ToolResult['raw'])); // Servers send what no type allows.
}

test.each<[what: string, result: unknown, printed: string]>([
  ['text', { content: [{ type: 'text', text: 'hello' }] }, 'hello\n'],
  ['text that ends its line', { content: [{ type: 'text', text: 'hello\n' }] }, 'hello\n'],
  [
    'several texts',
    {
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    },
    'a\nb\n',
  ],
  ['nothing', { content: [] }, ''],
  [
    'an image',
    { content: [{ type: 'image', mimeType: 'image/png', data: 'A'.repeat(16_000) }] },
    '[image image/png, 12 kB]\n',
  ],
  ['a small sound', { content: [{ type: 'audio', mimeType: 'audio/wav', data: 'AAA=' }] }, '[audio audio/wav, 2 B]\n'],
  [
    'a large image',
    { content: [{ type: 'image', mimeType: 'image/png', data: 'A'.repeat(2_000_000) }] },
    '[image image/png, 1.5 MB]\n',
  ],
  ['a text resource', { content: [{ type: 'resource', resource: { uri: 'a:b', text: 'inside' } }] }, 'inside\n'],
  [
    'a binary resource',
    { content: [{ type: 'resource', resource: { uri: 'a:b', blob: 'AAAA' } }] },
    '[resource a:b, 3 B]\n',
  ],
  ['a link', { content: [{ type: 'resource_link', name: 'doc', uri: 'a:b' }] }, '[link doc, a:b]\n'],
  ['structured content alone', { content: [], structuredContent: { a: 1 } }, '{\n  "a": 1\n}\n'],
  ['text beside structured content', { content: [{ type: 'text', text: 'x' }], structuredContent: { a: 1 } }, 'x\n'],
  ['a kind that is not known yet', { content: [{ type: 'hologram' }] }, '[hologram]\n'],
  ['an image without anything', { content: [{ type: 'image' }] }, '[image]\n'],
  ['escapes', { content: [{ type: 'image', mimeType: '\u001b[2J\n', data: '' }] }, '[image \\x1b[2J, 0 B]\n'],
])('%s', (_what, result, printed) => {
  expect(format(result)).toBe(printed);
});
