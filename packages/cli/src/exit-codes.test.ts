import { McpError, ProtocolError } from '@toolwire/client-core';
import { expect, test } from 'vitest';
import { CliError } from './cli-error.ts';
import { commonExitCode, exitCodeOf } from './exit-codes.ts';
import { ServerFailure } from './server-failure.ts';

test.each<[what: string, error: unknown, exitCode: number]>([
  ['a tool error', new McpError('tool-error', ''), 1],
  ['invalid arguments', new McpError('arguments-invalid', ''), 2],
  ['arguments that the server refuses', new ProtocolError('', { rpcCode: -32602 }), 2],
  ['another error of the protocol', new ProtocolError('', { rpcCode: -32603 }), 3],
  ['a missing credential', new McpError('unauthorized', ''), 4],
  ['a timeout', new McpError('timeout', ''), 124],
  ['a failure of a server', new ServerFailure('x', [], new McpError('timeout', '')), 124],
  ['wrong usage', new CliError('usage', ''), 2],
  ['an interruption', new CliError('interrupted', ''), 130],
  ['anything else', new Error('boom'), 3],
  ['what is no error', 'boom', 3],
])('%s', (_what, error, exitCode) => {
  expect(exitCodeOf(error)).toBe(exitCode);
});

test('several servers that fail alike end with their code, others with 3', () => {
  const [timeout, refused] = [new McpError('timeout', ''), new McpError('connection-failed', '')];
  expect(commonExitCode([timeout, timeout])).toBe(124);
  expect(commonExitCode([timeout, refused])).toBe(3);
});
