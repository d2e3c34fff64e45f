import { isMcpError, McpError, ProtocolError, ServerExitedError } from '@toolwire/client-core';
import { expect, test } from 'vitest';
import { failureFrom, failureMessage } from './failure-message.ts';

test.each([
  new McpError('connection-failed', 'Cannot reach it', { retryable: true, delivered: 'no', attempts: 2 }),
  new ServerExitedError('It exited', { exitCode: 9, signal: null, stderrTail: 'no database' }),
  new ProtocolError('tools/call failed: No (-32602)', { rpcCode: -32_602, data: { a: [1] }, rpcMessage: 'No' }),
])('a failure is the same at the other end', (failure) => {
  const arrived = failureFrom(JSON.parse(JSON.stringify(failureMessage(failure))) as never); // As it travels.
  expect(isMcpError(arrived)).toBe(true);
  expect(Object.entries(arrived)).toEqual(Object.entries(failure));
  expect(arrived.message).toBe(failure.message);
});

test('what was no failure of ours arrives as one, with its words', () => {
  expect(failureFrom(failureMessage(new TypeError('x is not a function')))).toMatchObject({
    code: 'connection-failed',
    message: 'x is not a function',
  });
});
