import { isMcpError, McpError } from '../errors.ts';
import { isObject } from '../protocol/jsonrpc.ts';
import { failureFrom } from './http-failure.ts';

/** Any value that a transport threw, as our error: official transports put the HTTP status and body in `data`. */
export function asMcpError(error: unknown, sessionId: string | undefined): McpError {
  if (isMcpError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  const { status, text } = httpAnswerOf(error);
  if (status === undefined) return new McpError('connection-failed', message, { cause: error, retryable: true });
  const answer = { status, body: text ?? '', header: () => undefined };
  return failureFrom(answer, { from: 'The server', hadSession: sessionId !== undefined, credential: undefined });
}

function httpAnswerOf(error: unknown): { status: number | undefined; text: string | undefined } {
  if (!(error instanceof Error)) return { status: undefined, text: undefined };
  const { status, code, data } = error as Error & { status?: unknown; code?: unknown; data?: unknown };
  const answer = isObject(data) ? data : {};
  const found = [answer['status'], status, code].find(isHttpFailure);
  return { status: found, text: typeof answer['text'] === 'string' ? answer['text'] : undefined };
}

/** JSON-RPC codes and the numbers of other errors stand in the same fields. */
function isHttpFailure(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 300 && Number(value) < 600;
}
