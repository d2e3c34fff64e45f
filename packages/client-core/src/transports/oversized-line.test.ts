import { expect, test } from 'vitest';
import { isMcpError } from '../errors.ts';
import { oversizedLine, oversizedMessageError } from './oversized-line.ts';

const large = 'x'.repeat(5000);

function idsFor(line: string, chunkBytes = 700): unknown[] {
  const ids: unknown[] = [];
  const oversized = oversizedLine((requestId) => ids.push(requestId));
  const bytes = Buffer.from(line);
  for (let start = 0; start < bytes.length; start += chunkBytes)
    oversized.add(bytes.subarray(start, start + chunkBytes));
  oversized.end();
  return ids;
}

test.each([
  ['right after the version', `{"jsonrpc":"2.0","id":12,"result":{"id":3,"text":"${large}"}}`, 12],
  ['first of all', `{ "id" : 12, "jsonrpc": "2.0", "result": "${large}"}`, 12],
  ['at the end, as the official SDK writes', `{"result":{"id":3,"text":"${large}"},"jsonrpc":"2.0","id":12}`, 12],
  ['before the version at the end', `{"result":"${large}","id":12,"jsonrpc":"2.0"}`, 12],
  ['at the end of an error', `{"jsonrpc":"2.0","error":{"code":1,"message":"${large}"},"id":12}\r`, 12],
  ['as a string', `{"jsonrpc":"2.0","id":"a\\"b","result":"${large}"}`, 'a"b'],
  ['after a byte order mark', `\uFEFF{"jsonrpc":"2.0","id":12,"result":"${large}"}`, 12],
])('finds the id of an answer %s', (_title, line, id) => {
  expect(idsFor(line)).toEqual([id]);
  expect(idsFor(line, 1)).toEqual([id]);
  expect(idsFor(line, 100_000)).toEqual([id]);
});

test.each([
  ['a request of the server', `{"jsonrpc":"2.0","id":12,"method":"sampling/createMessage","params":"${large}"}`],
  ['a request with its id at the end', `{"method":"m","params":"${large}","jsonrpc":"2.0","id":12}`],
  ['a notification', `{"jsonrpc":"2.0","method":"notifications/message","params":{"id":3,"t":"${large}"}}`],
  ['an id deeper inside', `{"jsonrpc":"2.0","result":{"id":3,"text":"${large}"}}`],
  ['a log line', `log "id":12 ${large}`],
])('takes no id from %s', (_title, line) => {
  expect(idsFor(line)).toEqual([undefined]);
});

test('makes an error that says whose answer it was and what to do', () => {
  const error = oversizedMessageError(12, 1024);
  expect(isMcpError(error)).toBe(true);
  expect(error).toMatchObject({ code: 'message-too-large', requestId: 12, delivered: 'yes', retryable: false });
  expect(error.message).toContain('maxMessageBytes');
});
