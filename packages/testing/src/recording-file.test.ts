import { expect, it } from 'vitest';
import { parseRecording } from './recording-file.ts';

const ping = { from: 'client', message: { jsonrpc: '2.0', id: 1, method: 'ping' } };
const lines = (...values: unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');

it.each([
  ['lines of JSON', lines({ version: 1 }, { ...ping, atMs: 3 }), [{ ...ping, atMs: 3 }]],
  ['one JSON', JSON.stringify({ version: 1, messages: [ping] }, undefined, 2), [ping]],
  ['a recording of nothing', lines({ version: 1 }), []],
])('reads %s', (_what, text, messages) => {
  expect(parseRecording(text)).toEqual({ version: 1, messages });
});

it.each([
  ['an empty file', '', /does not begin with/],
  ['another version', lines({ version: 2 }, ping), /does not begin with/],
  ['any other JSON', '{"mcpServers":{}}', /does not begin with/],
  ['a line that is cut off', `${lines({ version: 1 }, ping)}{"from":"server","mess`, /Line 3 .*cut off/],
  ['a message of nobody', lines({ version: 1 }, { ...ping, from: 'me' }), /Line 2/],
  ['a message that is none', JSON.stringify({ version: 1, messages: [ping, { from: 'server' }] }), /Message 2/],
])('refuses %s, and says where', (_what, text, says) => {
  expect(() => parseRecording(text)).toThrow(says);
});
