import { HttpError, isMcpError, ProtocolError, type McpError, type McpErrorCode } from './errors.ts';
import { rpcCode } from './protocol/jsonrpc.ts';

const firstDelayMs = 100;
const longestDelayMs = 20_000;
/** How much later than a server asks for: clients that were refused together must not come back together. */
const spread = 0.2;

/**
 * Milliseconds to wait after the failed attempt number `attempt` (from 1). What the server asks for counts, plus up to
 * 20 %; else full jitter under 100 ms, doubled each time, at most 20 s.
 */
export function retryDelay(attempt: number, retryAfterMs: number | undefined, random: () => number): number {
  if (retryAfterMs !== undefined) return retryAfterMs * (1 + spread * random());
  return random() * Math.min(firstDelayMs * 2 ** (attempt - 1), longestDelayMs);
}

const firstReopenMs = 1000;
const shortestReopenMs = 100;
const longestReopenMs = 30_000;

/**
 * Milliseconds until a lost stream or connection is opened again, after `failures` short lives in a row: full jitter under
 * 1 s, doubled each time, at most 30 s; or what the server asks for (`retry:` of an event stream), doubled likewise,
 * and up to 20 % later: never sooner, as the specification demands.
 */
export function reopenDelay(failures: number, askedMs: number | undefined, random: () => number): number {
  if (askedMs === undefined) return random() * Math.min(firstReopenMs * 2 ** failures, longestReopenMs);
  const asked = Math.max(askedMs, shortestReopenMs);
  return Math.min(asked * 2 ** failures, Math.max(asked, longestReopenMs)) * (1 + spread * random());
}

/** How long the server asks to wait, when it does. */
export function askedDelay(error: McpError): number | undefined {
  return error instanceof HttpError ? error.retryAfterMs : undefined;
}

/** Failures that another attempt of the same call would only repeat: the session has tried again itself. */
const triedAlready: readonly string[] = ['session-lost', 'connect-timeout'];

/** Whether a failed request may be sent again: surely not executed (classes A and B), or harmless to execute twice (C). */
export function mayResend(error: unknown, isHarmless: boolean): error is McpError {
  if (!isMcpError(error) || !error.retryable || triedAlready.includes(error.code)) return false;
  return error.delivered === 'no' || isHarmless;
}

/** Nothing was sent, because nothing listens: a server that restarts is back in seconds, so that time bounds the attempts. */
export function isUnreachable(error: McpError): boolean {
  return error.code === 'connection-failed' && error.delivered === 'no';
}

/** The server does not know the session any more, or has stopped speaking its revision: the request was not executed. */
export function isForgotten(error: unknown): boolean {
  if (!isMcpError(error)) return false;
  return (
    error.code === 'session-lost' ||
    (error instanceof ProtocolError && error.rpcCode === rpcCode.unsupportedProtocolVersion)
  );
}

const deadCodes: readonly McpErrorCode[] = [
  'connection-failed',
  'connect-timeout',
  'connection-closed',
  'delivery-unknown',
];

/** The server seems not to live. A timeout does not say so: a call may be slow, or its caller impatient. Crashes are watched apart. */
export function isFromTheDead(error: McpError): boolean {
  return deadCodes.includes(error.code) || (error instanceof HttpError && error.status >= 502 && error.status <= 504);
}

const harmless =
  /^(.+\/(list|get)|resources\/read|completion\/complete|ping|initialize|server\/discover|resources\/templates\/list)$/;

/** Methods that only read: to execute them twice changes nothing. */
export function isReadOnlyMethod(method: string): boolean {
  return harmless.test(method);
}

/** Keeps repetitions in proportion: 10, and one more for every five requests, so that a failing server is not stormed. */
export class RetryBudget {
  #tokens = 10;

  /** Counts a request. */
  earn(): void {
    this.#tokens = Math.min(this.#tokens + 0.2, 100);
  }

  /** Takes one repetition; false when there is none left. */
  spend(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
