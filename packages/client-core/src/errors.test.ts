import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as errors from './errors.ts';
import { isMcpError, McpError, type McpErrorCode } from './errors.ts';

/** The compiler holds this list complete and without strangers: whoever adds a code changes it here too. */
const codes: Record<McpErrorCode, true> = {
  'connection-failed': true,
  'connect-timeout': true,
  'connection-closed': true,
  'session-lost': true,
  'server-exited': true,
  'spawn-failed': true,
  'crash-loop': true,
  'circuit-open': true,
  'delivery-unknown': true,
  timeout: true,
  'http-error': true,
  'rate-limited': true,
  unauthorized: true,
  'protocol-error': true,
  'invalid-response': true,
  'unsupported-version': true,
  'unsupported-capability': true,
  'message-too-large': true,
  'queue-full': true,
  'arguments-invalid': true,
  'config-invalid': true,
  'tool-error': true,
  'tool-changed': true,
};

test('the codes of errors are a closed list', () => {
  const source = readFileSync(new URL('errors.ts', import.meta.url), 'utf8');
  const union = /type McpErrorCode =([^;]+);/.exec(source)?.[1] ?? '';
  expect([...union.matchAll(/'([^']+)'/g)].map(([, code]) => code)).toEqual(Object.keys(codes));
});

const exited = { exitCode: 1, signal: null, stderrTail: 'no module' };
const samples: [new (...args: never[]) => McpError, McpError, McpErrorCode, boolean, string][] = [
  [errors.McpError, new errors.McpError('timeout', 'm'), 'timeout', false, 'unknown'],
  [errors.ServerExitedError, new errors.ServerExitedError('m', exited), 'server-exited', false, 'unknown'],
  [errors.HttpError, new errors.HttpError('m', { status: 500, body: 'b' }), 'http-error', false, 'unknown'],
  [errors.RateLimitError, new errors.RateLimitError('m', { body: 'b' }), 'rate-limited', true, 'no'],
  [errors.AuthError, new errors.AuthError('m', { status: 401 }), 'unauthorized', false, 'no'],
  [errors.ProtocolError, new errors.ProtocolError('m', { rpcCode: -32603 }), 'protocol-error', false, 'yes'],
  [
    errors.ArgumentsInvalidError,
    new errors.ArgumentsInvalidError('m', { path: 'a', expected: 'text' }),
    'arguments-invalid',
    false,
    'no',
  ],
  [errors.ConfigError, new errors.ConfigError('m', { file: 'f', path: 'p' }), 'config-invalid', false, 'no'],
  [errors.DeliveryUnknownError, new errors.DeliveryUnknownError('m'), 'delivery-unknown', true, 'unknown'],
  [errors.ConnectTimeoutError, new errors.ConnectTimeoutError('m'), 'connect-timeout', true, 'no'],
  [errors.MessageTooLargeError, new errors.MessageTooLargeError('m'), 'message-too-large', false, 'unknown'],
  [errors.QueueFullError, new errors.QueueFullError('m'), 'queue-full', true, 'no'],
  [errors.CrashLoopError, new errors.CrashLoopError('m'), 'crash-loop', false, 'no'],
  [errors.CircuitOpenError, new errors.CircuitOpenError('m', { retryAfterMs: 1 }), 'circuit-open', true, 'no'],
  [errors.SessionLostError, new errors.SessionLostError('m'), 'session-lost', true, 'no'],
];

describe.each(samples)('%o', (Class, error, code, retryable, delivered) => {
  test(`has the code ${code}, and says what a retry may rely on`, () => {
    expect(error).toBeInstanceOf(Class);
    expect(error).toBeInstanceOf(McpError);
    expect(error).toMatchObject({ name: Class.name, code, retryable, delivered, attempts: 1, message: 'm' });
    expect(isMcpError(error)).toBe(true);
  });
});

test('every class of error is in the table above', () => {
  const classes = Object.values(errors).filter((value) => typeof value === 'function' && value !== isMcpError);
  expect(samples.map(([Class]) => Class)).toEqual(expect.arrayContaining(classes));
});

test('classes carry what their reader needs', () => {
  expect(samples[1]?.[1]).toMatchObject(exited);
  expect(new errors.RateLimitError('m', { body: 'slow down', retryAfterMs: 1500 })).toMatchObject({
    status: 429,
    body: 'slow down',
    retryAfterMs: 1500,
  });
  expect(new errors.AuthError('m', { status: 403, challenge: 'Bearer', header: 'x-api-key' })).toMatchObject({
    status: 403,
    challenge: 'Bearer',
    header: 'x-api-key',
  });
  expect(new errors.ProtocolError('m', { rpcCode: -32602, data: [1] })).toMatchObject({ rpcCode: -32602, data: [1] });
});

test('an error keeps its cause, and has none when none was given', () => {
  const cause = new Error('socket');
  expect(new McpError('timeout', 'm', { cause }).cause).toBe(cause);
  expect('cause' in new McpError('timeout', 'm')).toBe(false);
});

test('an unknown delivery stays unknown', () => {
  expect(new errors.DeliveryUnknownError('m', { delivered: 'no' }).delivered).toBe('unknown');
});

test('isMcpError knows the errors of another copy of the package', async () => {
  const file = './errors.ts?another-copy';
  const copy = (await import(/* @vite-ignore */ file)) as typeof errors;
  const error = new copy.QueueFullError('m');
  expect(error).not.toBeInstanceOf(McpError);
  expect(isMcpError(error)).toBe(true);
});

test.each([[new Error('plain')], [{ code: 'timeout' }], ['timeout'], [null], [undefined]])(
  'isMcpError refuses %o',
  (value) => {
    expect(isMcpError(value)).toBe(false);
  },
);

test('the brand of an error does not show when it is printed or copied', () => {
  expect(Reflect.ownKeys(Object.assign({}, new McpError('timeout', 'm')))).toEqual([
    'name',
    'code',
    'retryable',
    'delivered',
    'attempts',
  ]);
});
