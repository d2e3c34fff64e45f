import { isMcpError, type CallOptions, type JsonObject, type ToolResult } from '@toolwire/client-core';
import { AbandonedStep } from '../engine.ts';
import { sleep } from '../waiting.ts';
import type { CallRetry, Outcome } from './outcome.ts';
import type { StoredValues } from './stored-value.ts';

/** One call of a tool, ready to be made; nothing here knows of runs. */
export interface Call {
  readonly send: (options: CallOptions) => Promise<ToolResult>;
  /** Looks whether a lost call has happened: gives the result of the step, or undefined. Absent where nobody can tell. */
  readonly lookUp: ((options: CallOptions) => Promise<{ result: unknown } | undefined>) | undefined;
  /** Waited before `lookUp`. */
  readonly settleMs: number;
  /** What is kept of a result. Throws for what cannot be. */
  readonly keep: (result: ToolResult) => unknown;
  readonly isIdempotent: boolean;
  readonly timeoutMs: number;
  readonly meta: JsonObject;
  readonly attempts: number;
  readonly delayMs: number;
  /** Parts of texts by which a tool's own failure is known to be passing. */
  readonly passing: readonly string[];
  readonly stored: StoredValues;
  readonly onAttempt: (attempt: number) => void;
  readonly onRetry: (attempt: number, retry: CallRetry) => void;
  readonly onLookUp: () => void;
}

/** What one attempt came to; `isOpen` when the server may have done it all the same. */
type Attempt = { outcome: Outcome } | { error?: unknown; isOpen: boolean; isPassing: boolean; isAbsent?: true };

const longestDelayMs = 60_000;

/**
 * Makes a call until it has an outcome. A call that must not happen twice is made again only where it surely did not happen, or
 * where looking showed so; otherwise its fate is `unknown`. `mayHaveHappened`: an earlier process began it.
 */
export async function makeCall(call: Call, mayHaveHappened: boolean, signal: AbortSignal): Promise<Outcome> {
  const retries: CallRetry[] = [];
  const withRetries = (outcome: Outcome): Outcome => (retries.length === 0 ? outcome : { ...outcome, retries });
  let isOpen = mayHaveHappened && !call.isIdempotent;
  let failure: unknown = new Error('The process that made it ended before the answer came');
  let sent = 0;
  let looked = 0;
  for (;;) {
    if (isOpen && call.lookUp === undefined) return withRetries(failed(call, failure, isOpen));
    const tried = isOpen ? await lookUp(call, signal) : await send(call, sent + 1, signal);
    if ('outcome' in tried) return withRetries(tried.outcome);
    if (signal.aborted) throw new AbandonedStep('The call was given up');
    if (isOpen) looked += 1;
    else sent += 1;
    isOpen = tried.isOpen && !call.isIdempotent;
    if (!tried.isAbsent) failure = tried.error;
    const isLast = isOpen ? looked >= call.attempts : sent >= call.attempts || !tried.isPassing;
    if (isLast) return withRetries(failed(call, failure, isOpen));
    const isNext = tried.isAbsent || (isOpen && looked === 0); // Looking has a wait of its own.
    if (!isNext) await wait(Math.max(sent, looked));
  }

  async function wait(attempt: number): Promise<void> {
    const waitMs = Math.min(call.delayMs * 2 ** (attempt - 1), longestDelayMs);
    const retry = { at: Date.now(), waitMs, error: call.stored.error(failure) };
    retries.push(retry);
    call.onRetry(attempt, retry);
    await sleep(waitMs, signal).catch(() => {
      throw new AbandonedStep('The call was given up');
    });
  }
}

async function send(call: Call, attempt: number, signal: AbortSignal): Promise<Attempt> {
  call.onAttempt(attempt);
  try {
    const options = { signal, timeoutMs: call.timeoutMs, idempotent: call.isIdempotent, meta: call.meta };
    return judge(call, await call.send(options));
  } catch (error) {
    return { error, ...fateOf(error) };
  }
}

function judge(call: Call, result: ToolResult): Attempt {
  if (result.isError) {
    const error = new Error(result.text() || 'The tool failed without a word');
    const text = error.message.toLowerCase();
    return { error, isOpen: false, isPassing: call.passing.some((part) => text.includes(part.toLowerCase())) };
  }
  try {
    return { outcome: { status: 'done', result: call.keep(result) } };
  } catch (error) {
    const text = `The call happened, but its result cannot be kept: ${call.stored.error(error)}`;
    return { outcome: { status: 'failed', error: text, ...(!call.isIdempotent && { mayHaveHappened: true }) } };
  }
}

/** Whether the server may have done what the call asked for, and whether another attempt may fare better. */
function fateOf(error: unknown): { isOpen: boolean; isPassing: boolean } {
  if (!isMcpError(error)) return { isOpen: true, isPassing: true };
  const isUnread = error.code === 'invalid-response' || error.code === 'message-too-large';
  const isOpen = error.delivered === 'unknown' || (error.delivered === 'yes' && isUnread);
  return { isOpen, isPassing: error.retryable || isOpen };
}

async function lookUp(call: Call, signal: AbortSignal): Promise<Attempt> {
  call.onLookUp();
  try {
    await sleep(call.settleMs, signal);
    const found = await call.lookUp?.({ signal, timeoutMs: call.timeoutMs, idempotent: true });
    if (found === undefined) return { isOpen: false, isPassing: true, isAbsent: true };
    return { outcome: { status: 'done', result: found.result, isReconciled: true } };
  } catch (cause) {
    const error = new Error(`Whether it happened could not be found out: ${call.stored.error(cause)}`);
    return { error, isOpen: true, isPassing: true };
  }
}

function failed(call: Call, error: unknown, isOpen: boolean): Outcome {
  const text = call.stored.error(error);
  return isOpen
    ? { status: 'unknown', error: `It is not known whether this call happened: ${text}` }
    : { status: 'failed', error: text };
}
