import { expect, test } from 'vitest';
import { answerFault, isNotification, isObject, isRequest, isResponse, paramsOf, readRpcError } from './jsonrpc.ts';

test.each([
  [{}, true],
  [Object.create(null), true],
  [[], false],
  [null, false],
  ['text', false],
  [7, false],
])('isObject(%j) is %s', (value, expected) => {
  expect(isObject(value)).toBe(expected);
});

const request = { request: true, notification: false, response: false };
const notification = { request: false, notification: true, response: false };
const response = { request: false, notification: false, response: true };
const nothing = { request: false, notification: false, response: false };

test.each([
  [{ id: 1, method: 'ping' }, request],
  [{ id: 'a', method: 'ping' }, request],
  [{ id: 0, method: 'ping', result: {} }, request],
  [{ method: 'notifications/message' }, notification],
  [{ method: 'ping', id: null }, nothing],
  [{ method: 7, id: 1 }, nothing],
  [{ id: 1, result: {} }, response],
  [{ id: 1, result: null }, response],
  [{ id: 1, result: {}, error: null }, response],
  [{ id: null, error: { code: -32700 } }, response],
  [{ error: { code: -32700 } }, response],
  [{ id: 1, error: null }, nothing],
  [{ id: 1, error: 'broken' }, nothing],
  [{ id: 1 }, nothing],
])('tells what kind of message %j is', (message, expected) => {
  expect({
    request: isRequest(message),
    notification: isNotification(message),
    response: isResponse(message),
  }).toEqual(expected);
});

test.each([
  [
    { code: -32601, message: 'Method not found' },
    { code: -32601, message: 'Method not found', data: undefined },
  ],
  [
    { code: '-32602', message: 'no', data: { field: 'a' } },
    { code: -32602, message: 'no', data: { field: 'a' } },
  ],
  [
    { code: 'E_FAIL', message: 'no' },
    { code: -32603, message: 'no', data: undefined },
  ],
  [{}, { code: -32603, message: 'no message given', data: undefined }],
  [
    { code: 1, message: '' },
    { code: 1, message: 'no message given', data: undefined },
  ],
  [
    { code: 1.5, message: { text: 'no' } },
    { code: -32603, message: 'no message given', data: undefined },
  ],
])('reads the error %j', (error, expected) => {
  expect(readRpcError(error)).toEqual(expected);
});

test.each([
  [{ params: { a: 1 } }, { a: 1 }],
  [{ params: [1] }, {}],
  [{ params: null }, {}],
  [{}, {}],
])('the params of %j are %j', (message, expected) => {
  expect(paramsOf(message)).toEqual(expected);
});

test.each([
  [{ jsonrpc: '2.0', id: 1, result: {} }, undefined],
  [{ jsonrpc: '2.0', id: 1, error: { code: 1 } }, undefined],
  [{ jsonrpc: '2.0', id: '1', result: {} }, 'carries the id "1", not 1'],
  [{ jsonrpc: '2.0', error: { code: 1 } }, 'carries the id undefined, not 1'],
  [{ jsonrpc: '2.0', id: 1, result: {}, took: '3ms' }, 'has unknown keys: took'],
  [{ jsonrpc: '2.0', id: 1, result: {}, error: null }, 'has both a result and an error'],
])('the fault of the answer %j to request 1 is %j', (message, expected) => {
  expect(answerFault(message, 1)).toBe(expected);
});

test('a fault is quoted in part', () => {
  expect(answerFault({ id: 'x'.repeat(5000) }, 1)?.length).toBeLessThan(300);
  expect(answerFault({ id: 1, ['x'.repeat(5000)]: 1 }, 1)?.length).toBeLessThan(300);
});
