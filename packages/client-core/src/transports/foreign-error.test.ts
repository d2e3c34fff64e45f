import { SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';
import { describe, expect, test } from 'vitest';
import { McpError } from '../errors.ts';
import { asMcpError } from './foreign-error.ts';

function failed(fields: object): Error {
  return Object.assign(new Error('it failed'), fields);
}

test('our own errors stay what they are', () => {
  const error = new McpError('timeout', 'late');
  expect(asMcpError(error, 'session')).toBe(error);
});

describe.each([
  ['status', (status: number) => failed({ status })],
  ['code', (status: number) => failed({ code: status })],
  ['data.status', (status: number) => failed({ data: { status } })],
  [
    'the official error',
    (status: number) =>
      new SdkHttpError(SdkErrorCode.ClientHttpNotImplemented, 'it failed', { status, statusText: '' }),
  ],
])('an HTTP status in %s', (_where, make) => {
  test.each([
    [404, 'session', { code: 'session-lost', delivered: 'no', retryable: true }],
    [401, 'session', { code: 'unauthorized', status: 401 }],
    [403, undefined, { code: 'unauthorized', status: 403 }],
    [404, undefined, { code: 'http-error', status: 404, retryable: false }],
    [400, 'session', { code: 'http-error', status: 400, retryable: false }],
    [503, 'session', { code: 'http-error', status: 503, retryable: true }],
    [429, 'session', { code: 'rate-limited', retryable: true, delivered: 'no' }],
  ])('%i, with the session %s', (status, sessionId, expected) => {
    expect(asMcpError(make(status), sessionId)).toMatchObject(expected);
  });
});

test('the body of an official error is read like any other', () => {
  const body = { jsonrpc: '2.0', id: null, error: { code: -32000, message: 'Server not initialized' } };
  const error = failed({ data: { status: 400, text: JSON.stringify(body) } });
  expect(asMcpError(error, 'session')).toMatchObject({ code: 'session-lost' });
  expect(asMcpError(error, undefined)).toMatchObject({ code: 'protocol-error', rpcCode: -32000 });
});

test.each([
  [failed({ code: 'ECONNRESET' }), 'it failed'],
  [failed({ code: 404.5 }), 'it failed'],
  [failed({ code: -32000 }), 'it failed'],
  [failed({ status: 200 }), 'it failed'],
  ['text', 'text'],
  [undefined, 'undefined'],
])('any other value is a connection that failed: %o', (thrown, message) => {
  expect(asMcpError(thrown, 'session')).toMatchObject({
    code: 'connection-failed',
    message,
    delivered: 'unknown',
    cause: thrown,
  });
});
