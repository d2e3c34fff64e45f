import { describe, expect, test } from 'vitest';
import { encodeHeaderValue, envelope, routingHeaders } from './revision-2026-07-28.ts';

const identity = { clientInfo: { name: 'tester', version: '1' }, capabilities: { roots: {} } };

describe('envelope', () => {
  const said = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'tester', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': { roots: {} },
  };

  test('says who asks, with which revision and which abilities', () => {
    expect(envelope('2026-07-28', identity, undefined)).toEqual(said);
  });

  test('asks for log messages only when a level is set', () => {
    expect(envelope('2026-07-28', identity, 'warning')).toEqual({
      ...said,
      'io.modelcontextprotocol/logLevel': 'warning',
    });
  });
});

describe('routingHeaders', () => {
  const _meta = envelope('2026-07-28', identity, undefined);
  const common = { 'mcp-protocol-version': '2026-07-28' };

  test.each([
    ['tools/list', {}, {}],
    ['tools/call', { name: 'echo', uri: 'not this' }, { 'mcp-name': 'echo' }],
    ['prompts/get', { name: 'greet' }, { 'mcp-name': 'greet' }],
    ['resources/read', { uri: 'file:///a', name: 'not this' }, { 'mcp-name': 'file:///a' }],
    ['resources/read', { uri: 'file:///ä' }, { 'mcp-name': '=?base64?ZmlsZTovLy/DpA==?=' }],
    ['tools/call', {}, {}],
    ['toString', { name: 'echo' }, {}],
  ])('of %s %j', (method, params, expected) => {
    expect(routingHeaders(method, { ...params, _meta })).toEqual({ ...common, 'mcp-method': method, ...expected });
  });

  test('are only for requests with an envelope', () => {
    expect(routingHeaders('tools/call', { name: 'echo' })).toBeUndefined();
    expect(routingHeaders('tools/call', { name: 'echo', _meta: { progressToken: 1 } })).toBeUndefined();
  });
});

describe('encodeHeaderValue', () => {
  test.each([
    ['plain text, with: punctuation/and?more', 'plain text, with: punctuation/and?more'],
    ['tab\tinside', 'tab\tinside'],
    ['', ''],
    [' leading', '=?base64?IGxlYWRpbmc=?='],
    ['trailing ', '=?base64?dHJhaWxpbmcg?='],
    ['two\nlines', '=?base64?dHdvCmxpbmVz?='],
    ['injected\r\nx-evil: 1', '=?base64?aW5qZWN0ZWQNCngtZXZpbDogMQ==?='],
    ['Grüße', '=?base64?R3LDvMOfZQ==?='],
    ['日本', '=?base64?5pel5pys?='],
    ['\u007F', '=?base64?fw==?='],
    ['=?base64?YQ==?=', '=?base64?PT9iYXNlNjQ/WVE9PT89?='],
    ['=?BASE64?YQ==?=', '=?base64?PT9CQVNFNjQ/WVE9PT89?='],
  ])('%j travels as %j', (value, expected) => {
    expect(encodeHeaderValue(value)).toBe(expected);
  });

  test('survives the way there and back, whatever the length', () => {
    const value = 'é'.repeat(100_000);
    const [, encoded = ''] = /^=\?base64\?(.*)\?=$/.exec(encodeHeaderValue(value)) ?? [];
    expect(Buffer.from(encoded, 'base64').toString()).toBe(value);
  });
});
