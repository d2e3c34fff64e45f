import { isMcpError, type McpErrorCode } from '../errors.ts';
import type { McpRequest } from '../interceptor.ts';
import { excerpt } from '../protocol/excerpt.ts';
import { isObject } from '../protocol/jsonrpc.ts';

/** How a call ended: `cancelled` is by its caller, `error` is what an interceptor threw. */
export type Outcome = 'ok' | 'cancelled' | 'error' | McpErrorCode;

/** The tool or prompt that a call names: one line, at most 128 characters. */
export function targetOf({ method, params }: McpRequest): string | undefined {
  const named = method === 'tools/call' || method === 'prompts/get';
  return named && typeof params['name'] === 'string' ? excerpt(params['name'], 128) : undefined;
}

export function outcomeOfResult(result: unknown): Outcome {
  return isObject(result) && result['isError'] === true ? 'tool-error' : 'ok';
}

export function outcomeOfError(error: unknown, request: McpRequest): Outcome {
  if (isMcpError(error)) return error.code;
  return request.options.signal?.aborted === true ? 'cancelled' : 'error';
}

/** Hands a call's record to whoever keeps it; one that throws must not break the call that it is told of. */
export function tell(write: () => void): void {
  try {
    write();
  } catch {
    // Nobody is left to be told.
  }
}
