import type { Tool } from '@toolwire/client-core';
import { expect, test } from 'vitest';
import { formatSignature, formatToolUsage } from './tool-usage.ts';

const tool: Tool = {
  name: 'search',
  description: 'Finds things.\nSlowly.',
  inputSchema: {
    type: 'object',
    properties: {
      limit: { type: 'integer', default: 10, description: 'How many' },
      text: { type: 'string', description: 'What to find' },
      tags: { type: 'array', items: { type: 'string' } },
      format: { enum: ['json', 'csv'] },
      archived: { type: 'boolean' },
      until: { anyOf: [{ type: 'string' }, { type: 'integer' }, { type: 'null' }] },
      'two words': { type: 'string' },
    },
    required: ['text'],
  },
  annotations: { readOnlyHint: true, destructiveHint: false },
};

test('the signature names what is required first', () => {
  const properties = { limit: { type: 'integer' }, text: { type: 'string' }, archived: { type: 'boolean' } };
  const small: Tool = { name: 'search', inputSchema: { type: 'object', properties, required: ['text'] } };
  expect(formatSignature(small)).toBe('mcp tools call search --text <string> [--limit <integer>] [--archived]');
});

test('the usage has every argument with its type, whether it is required, its description and its default', () => {
  expect(formatToolUsage(tool)).toMatchInlineSnapshot(`
    "Usage: mcp tools call search --text <string> [--limit <integer>] [--tags <string> …] [--format <json|csv>] [--archived] [--until <string|integer>] ['two words=<string>']

    Finds things.
    Slowly.

    Arguments:
      --limit <integer>         How many (default 10)
      --text <string>           What to find (required)
      --tags <string> …
      --format <json|csv>
      --archived
      --until <string|integer>
      'two words=<string>'

    The server says: changes nothing, destroys nothing.

    Any argument may also be written key=value, key:=json or key=@file; all of them as --input JSON, @file or -.
    "
  `);
});

test('a tool without arguments says so', () => {
  expect(formatToolUsage({ name: 'now', inputSchema: { type: 'object' } })).toContain('Arguments: none');
});

test('what a server writes in a schema cannot reach the terminal', () => {
  const properties = { 'a\u001b': { enum: ['\u009b'], description: '\u202ex', default: '\u0007' } };
  const evil: Tool = { name: 'e\u001b', description: '\u001b]0;x', inputSchema: { type: 'object', properties } };
  expect(formatToolUsage(evil)).not.toMatch(/[[\p{Cc}\p{Cf}]--\n]/v);
});
