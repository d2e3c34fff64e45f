import { isMcpError, type McpErrorCode } from '@toolwire/client-core';
import { CliError, type CliErrorCode } from './cli-error.ts';
import { ServerFailure } from './server-failure.ts';

/** What the process ends with; the table in the README says what each means. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 124 | 130;

const serverFailures: Record<McpErrorCode, ExitCode> = {
  'tool-error': 1,
  'tool-changed': 2,
  'arguments-invalid': 2,
  'config-invalid': 2,
  'connection-failed': 3,
  'connection-closed': 3,
  'session-lost': 3,
  'server-exited': 3,
  'spawn-failed': 3,
  'crash-loop': 3,
  'circuit-open': 3,
  'delivery-unknown': 3,
  'http-error': 3,
  'rate-limited': 3,
  'protocol-error': 3,
  'invalid-response': 3,
  'unsupported-version': 3,
  'unsupported-capability': 3,
  'message-too-large': 3,
  'queue-full': 3,
  unauthorized: 4,
  'connect-timeout': 124,
  timeout: 124,
};

const commandFailures: Record<CliErrorCode, ExitCode> = {
  usage: 2,
  'arguments-invalid': 2,
  'unknown-tool': 2,
  'unknown-prompt': 2,
  'unknown-resource': 2,
  'unknown-template': 2,
  'unknown-task': 2,
  'ambiguous-tool': 2,
  'ambiguous-prompt': 2,
  'ambiguous-resource': 2,
  'ambiguous-template': 2,
  'ambiguous-task': 2,
  'unknown-server': 2,
  'config-missing': 2,
  'not-trusted': 2,
  'config-unsafe': 2,
  declined: 5,
  'demo-missing': 3,
  'model-failed': 3,
  'model-unauthorized': 4,
  'nothing-found': 1,
  unreachable: 3,
  'save-failed': 3,
  'keeper-failed': 3,
  'pipeline-invalid': 2,
  'pipeline-missing': 3,
  'pipeline-unavailable': 3,
  interrupted: 130,
};

const invalidParams = -32602;

/** The exit code that tells a script what failed; 3 for anything that no table names. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof ServerFailure) return exitCodeOf(error.cause);
  if (error instanceof CliError) return commandFailures[error.code];
  if (!isMcpError(error)) return 3;
  // The server found the arguments wrong, which a looser schema let through: the same fault as one found here.
  if ('rpcCode' in error && error.rpcCode === invalidParams) return 2;
  return serverFailures[error.code] ?? 3;
}

/** The exit code for several servers of which none answered: their common one, or 3. */
export function commonExitCode(errors: readonly unknown[]): ExitCode {
  const codes = new Set(errors.map(exitCodeOf));
  const [only] = codes;
  return codes.size === 1 && only !== undefined ? only : 3;
}
