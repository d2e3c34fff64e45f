import type { Counters } from '../counters.ts';
import type { McpError } from '../errors.ts';
import type { Interceptor, McpRequest, RequestHandler } from '../interceptor.ts';
import { askedDelay, isReadOnlyMethod, isUnreachable, mayResend, retryDelay, RetryBudget } from '../retry.ts';
import { sleep } from '../signals.ts';

export interface RetryOptions {
  /** Most attempts of one call. A server that cannot be reached is tried for `connectTimeoutMs` instead. */
  attempts: number;
  connectTimeoutMs: number;
  /** The deadline of a call that names none, in milliseconds. */
  maxTotalMs: number;
  /** The longest wait between two attempts, in milliseconds: a server may ask for more than anyone waits. Default: the deadline. */
  maxWaitMs?: number | undefined;
  /** Told before each wait. */
  onRetry?: ((retry: Retry) => void) | undefined;
  /** Between 0 and 1. Default `Math.random`. */
  random?: () => number;
  /** Counts calls, retries and refusals of the budget. */
  counters: Counters;
}

/** A call that is about to be sent again. */
export interface Retry {
  method: string;
  /** The number of the attempt that failed, from 1. */
  attempt: number;
  /** Milliseconds until the next one. */
  delayMs: number;
  /** Why the attempt failed. */
  error: McpError;
}

/**
 * Sends a call again that failed in passing: any call that surely was not executed, and one that only reads, or that is
 * marked `idempotent`, also when that is unknown. One deadline spans all attempts, and a budget bounds them per server.
 */
export function retry(options: RetryOptions): Interceptor {
  const budget = new RetryBudget();
  return (next) => (request) => {
    budget.earn();
    options.counters.calls++;
    const startedAt = Date.now();
    return next(request).catch((error: unknown) => again(error, request, startedAt, next));
  };

  async function again(
    failure: unknown,
    request: McpRequest,
    startedAt: number,
    next: RequestHandler,
  ): Promise<unknown> {
    const { attempts = options.attempts } = request.options;
    if (attempts <= 1 || !mayResend(failure, isHarmless(request))) throw failure;
    const { default: pRetry } = await import('p-retry'); // Most programs never need it.
    const onFailedAttempt = pause(request, { ...options, attempts }, budget, startedAt);
    const send = (attempt: number): Promise<unknown> =>
      attempt === 1 ? Promise.reject(failure) : next(withRestOfTime(request, options, startedAt));
    return pRetry(send, { retries: Infinity, minTimeout: 0, maxTimeout: 0, onFailedAttempt });
  }
}

interface Failure {
  readonly error: Error;
  readonly attemptNumber: number;
}

/** Waits before the next attempt, or throws the error that ends them. */
function pause(
  request: McpRequest,
  options: RetryOptions,
  budget: RetryBudget,
  startedAt: number,
): (failure: Failure) => Promise<void> {
  const { attempts, connectTimeoutMs, maxTotalMs, maxWaitMs = Infinity, random = Math.random, counters } = options;
  const failedAt = Date.now();
  const finalAt = startedAt + (request.options.maxTotalMs ?? maxTotalMs);
  return async ({ error, attemptNumber }) => {
    Object.assign(error, { attempts: attemptNumber });
    if (!mayResend(error, isHarmless(request))) throw error;
    const delay = retryDelay(attemptNumber, askedDelay(error), random);
    // Nothing listens, so that nothing is stormed: time alone bounds these attempts.
    const isDown = isUnreachable(error);
    const wait = isDown ? Math.min(delay, 1000) : delay;
    const isLast = isDown ? Date.now() + wait >= failedAt + connectTimeoutMs : attemptNumber >= attempts;
    if (isLast || wait > maxWaitMs || Date.now() + wait >= finalAt) throw error;
    if (!isDown && !budget.spend()) {
      counters.budgetRefusals++;
      throw error;
    }
    counters.retries++;
    options.onRetry?.({ method: request.method, attempt: attemptNumber, delayMs: wait, error });
    await sleep(wait, request.options.signal);
    if (Date.now() >= finalAt) throw error; // A late timer: what is sent now would be given up at once.
  };
}

function withRestOfTime(request: McpRequest, options: RetryOptions, startedAt: number): McpRequest {
  const maxTotalMs = startedAt + (request.options.maxTotalMs ?? options.maxTotalMs) - Date.now();
  return { ...request, options: { ...request.options, maxTotalMs } };
}

function isHarmless({ method, options }: McpRequest): boolean {
  return options.idempotent === true || isReadOnlyMethod(method);
}
