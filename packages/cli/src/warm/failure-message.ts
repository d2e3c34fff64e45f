import { isMcpError, McpError, type McpErrorCode } from '@toolwire/client-core';

/** A failure as it travels from the keeper to a caller: all that is told of it there. */
export interface FailureMessage extends Readonly<Record<string, unknown>> {
  readonly code: McpErrorCode;
  readonly message: string;
}

/** Takes a failure apart, so that it can be written as JSON; its cause stays here. */
export function failureMessage(error: unknown): FailureMessage {
  if (isMcpError(error))
    return { ...Object.fromEntries(Object.entries(error)), code: error.code, message: error.message };
  return { code: 'connection-failed', message: error instanceof Error ? error.message : String(error) };
}

/** Puts a failure together again: the same code, words and fields. */
export function failureFrom({ code, message, ...fields }: FailureMessage): McpError {
  return Object.assign(new McpError(code, message), fields);
}
