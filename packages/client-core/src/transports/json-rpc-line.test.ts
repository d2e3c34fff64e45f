import { expect, test } from 'vitest';
import { readLine } from './json-rpc-line.ts';

const answer = { jsonrpc: '2.0', id: 1, result: { text: 'a "quoted" {brace}' } };
const request = { jsonrpc: '2.0', id: 7, method: 'tools/call' };
const answerText = JSON.stringify(answer);
const requestText = JSON.stringify(request);

test.each([
  ['a message', answerText, [answer]],
  ['a message with a byte order mark', `\uFEFF${answerText}`, [answer]],
  ['a message with a carriage return', `${answerText}\r`, [answer]],
  ['a message between blanks', `  ${answerText}\t`, [answer]],
  [
    'an error without an id',
    '{"jsonrpc":"2.0","error":{"code":-32700}}',
    [{ jsonrpc: '2.0', error: { code: -32700 } }],
  ],
  ['a batch', `[${answerText},${requestText}]`, [answer, request]],
  ['members in any order', '{"result":{},"jsonrpc":"2.0","id":1}', [{ jsonrpc: '2.0', id: 1, result: {} }]],
])('reads %s', (_title, line, messages) => {
  expect(readLine(line)).toMatchObject({ messages, ignored: '' });
});

test.each([
  ['a banner', 'Server listening on stdio'],
  ['a log line in brackets', '[INFO] ready'],
  ['a log line in JSON', '{"level":"info","msg":"ready"}'],
  ['JSON that quotes a message', `{"level":"debug","sent":${answerText}}`],
  ['a bare number', '42'],
  ['an array of other things', '[1,2,3]'],
  ['half a message', '{"jsonrpc":"2.0","id":1,"result":'],
  ['another version', '{"jsonrpc":"1.0","id":1,"result":{}}'],
  ['a log line that quotes a request', `received ${requestText}`],
])('ignores %s', (_title, line) => {
  expect(readLine(line)).toEqual({ messages: [], ignored: line });
});

test('says nothing of empty lines', () => {
  for (const line of ['', '\r', '  \t']) expect(readLine(line)).toEqual({ messages: [], ignored: '' });
});

test.each([
  ['after an unterminated log line', `loading 50%${answerText}`, [answer], 'loading 50%'],
  [
    'whose first member is the result',
    'log {"result":{},"jsonrpc":"2.0","id":1}',
    [{ jsonrpc: '2.0', id: 1, result: {} }],
    'log',
  ],
  ['before more text', `${answerText}INFO done`, [answer], 'INFO done'],
  ['twice in one line', `${answerText}${answerText}`, [answer, answer], ''],
  ['after an object that is none', `{"id": 3} ${answerText}`, [answer], '{"id": 3}'],
  ['after an unclosed brace', `state {"id": [ ${answerText}`, [answer], 'state {"id": ['],
])('recovers an answer %s', (_title, line, messages, ignored) => {
  expect(readLine(line)).toEqual({ messages, ignored });
});

test('keeps the messages of a batch that holds other things', () => {
  expect(readLine(`[${answerText},5,{"a":1}]`)).toEqual({ messages: [answer], ignored: '5\n{"a":1}', isBatch: true });
});

test('gives up on a line of many false starts at linear cost', () => {
  const line = 'x{"id":'.repeat(200_000);
  expect(readLine(line)).toEqual({ messages: [], ignored: line });
});

test('leaves __proto__ a plain key', () => {
  const { messages } = readLine('{"jsonrpc":"2.0","id":1,"result":{"__proto__":{"polluted":true}}}');
  expect(Object.getPrototypeOf(messages[0]?.['result'])).toBe(Object.prototype);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
