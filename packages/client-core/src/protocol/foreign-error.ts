import { AuthError, isMcpError, McpError, SessionLostError } from '../errors.ts';
import { isObject } from './jsonrpc.ts';

/** Any value that a transport threw, as our error: official transports put the HTTP status in `data` or on the error. */
export function asMcpError(error: unknown, sessionId: string | undefined): McpError {
  if (isMcpError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  const status = statusOf(error);
  if (status === 404 && sessionId !== undefined)
    return new SessionLostError(`The server no longer knows this session: ${message}`, { cause: error });
  if (status === 401 || status === 403) return new AuthError(message, { status });
  return new McpError('connection-failed', message, { cause: error, retryable: true });
}

function statusOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  const { status, code, data } = error as Error & { status?: unknown; code?: unknown; data?: unknown };
  return (isObject(data) ? data['status'] : undefined) ?? status ?? code;
}
