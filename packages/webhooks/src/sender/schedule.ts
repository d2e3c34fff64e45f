import type { DropReason } from './dead-letters.ts';
import { addressRefused } from './endpoint.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waits before the second attempt and those after it, as Standard Webhooks advises: ten attempts over about three days. */
export const standardRetryDelays: readonly number[] = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

/** A receiver cannot put us off for longer, nor must it remember messages for longer to know them again. */
const longestWait = 24 * hour;
/** How much later than a receiver asks for: what it turned away together must not come back together. */
const spread = 0.2;

export interface ScheduleOptions {
  readonly retryDelaysMs: readonly number[];
  /** After how many attempts an answer that says "not this" (3xx, 4xx) is taken at its word. */
  readonly rejectedAttempts: number;
  /** Between 0 and 1. */
  readonly random: () => number;
}

/** Why there is no answer. */
export interface AttemptFailure {
  /** Node's name for it, such as `ECONNREFUSED` or `ETIMEDOUT`; `ADDRESS_REFUSED` where nothing may be sent to. */
  readonly code: string | undefined;
  readonly message: string;
}

/** What an attempt came to: an answer, or none. */
export interface AttemptResult {
  readonly status: number | undefined;
  /** What the receiver asks to wait, in milliseconds, at most a day. */
  readonly retryAfterMs?: number | undefined;
  readonly failure?: AttemptFailure | undefined;
}

export type Verdict =
  | { readonly type: 'delivered'; readonly status: number }
  | { readonly type: 'retry'; readonly delayMs: number }
  | { readonly type: 'dropped'; readonly reason: DropReason };

/** What follows from the result of attempt number `attempt`, counted from 1. */
export function judge(result: AttemptResult, attempt: number, options: ScheduleOptions): Verdict {
  const { status, retryAfterMs, failure } = result;
  if (failure?.code === addressRefused) return { type: 'dropped', reason: 'address_refused' };
  if (status !== undefined && status >= 200 && status < 300) return { type: 'delivered', status };
  if (status === 410) return { type: 'dropped', reason: 'endpoint_gone' };
  if (status === 413) return { type: 'dropped', reason: 'rejected' };
  if (isRejection(status) && attempt >= options.rejectedAttempts) return { type: 'dropped', reason: 'rejected' };
  const scheduled = options.retryDelaysMs[attempt - 1];
  if (scheduled === undefined) return { type: 'dropped', reason: 'exhausted' };
  return { type: 'retry', delayMs: delay(scheduled, retryAfterMs, options.random) };
}

/** How long an answer asks to spare its whole endpoint; a 503 may be about one message alone. */
export function throttleMs({ status, retryAfterMs = 0 }: AttemptResult): number {
  return status === 429 || status === 502 || status === 504 ? retryAfterMs : 0;
}

function isRejection(status: number | undefined): boolean {
  const maySucceedLater = status === 408 || status === 425 || status === 429;
  return status !== undefined && status < 500 && !maySucceedLater;
}

/** Full jitter: a receiver that comes back is not met by all that was kept for it at once. */
function delay(scheduled: number, retryAfterMs: number | undefined, random: () => number): number {
  if (retryAfterMs === undefined) return random() * scheduled;
  return Math.min(retryAfterMs * (1 + spread * random()), longestWait);
}

/** Reads `Retry-After`, in seconds or as a date, as milliseconds of at most a day; undefined when it is neither. */
export function parseRetryAfter(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const isDate = /^[A-Z].*GMT$/i.test(text.trim()); // Date.parse alone takes "-5" for a year.
  const wait = isDate ? Date.parse(text) - now : /^\s*\d+\s*$/.test(text) ? Number(text) * second : Number.NaN;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), longestWait);
}
