import { McpError } from '../errors.ts';

/** By when a request must be settled, in milliseconds since the epoch. */
export interface Deadline {
  /** Without an answer or progress; progress moves it. */
  idleAt: number;
  /** In all. */
  finalAt: number;
}

/** When to look again whether the request is late; while the server waits for this side, only the time in all counts. */
export function dueAt({ idleAt, finalAt }: Deadline, isServerWaiting: boolean): number {
  return isServerWaiting ? finalAt : Math.min(idleAt, finalAt);
}

/** What a request that is late is rejected with. */
export function timeoutOf(
  method: string,
  { timeoutMs, maxTotalMs }: { timeoutMs: number; maxTotalMs: number },
  isFinal: boolean,
): McpError {
  const limit = isFinal ? `${maxTotalMs} ms in all` : `${timeoutMs} ms`;
  return new McpError('timeout', `No answer to ${method} within ${limit}`, { retryable: !isFinal });
}
