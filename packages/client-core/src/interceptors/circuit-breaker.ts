import { CircuitOpenError, isMcpError } from '../errors.ts';
import type { Interceptor } from '../interceptor.ts';
import { isFromTheDead } from '../retry.ts';

export interface CircuitBreakerOptions {
  /** Calls in a row that found the server dead before it is left alone. Default 5. */
  failures?: number | undefined;
  /** How long it is left alone, in milliseconds, before one call tries it again. Default 5,000. */
  restMs?: number | undefined;
  /** The clock, in milliseconds. Default `Date.now`. */
  now?: (() => number) | undefined;
}

/** Refuses calls at once with `CircuitOpenError` while the server seems dead, so that no caller waits for it in vain. */
export function circuitBreaker(options: CircuitBreakerOptions = {}): Interceptor {
  const { failures = 5, restMs = 5000, now = Date.now } = options;
  let inARow = 0;
  let restsUntil = 0;
  let cause: unknown;
  const answered = (result: unknown): unknown => {
    inARow = 0;
    return result;
  };
  const failed = (error: unknown, inARowAtStart: number): never => {
    if (isMcpError(error) && isFromTheDead(error)) {
      if (inARow === inARowAtStart) inARow++; // Calls that fail together met one death.
      restsUntil = now() + restMs;
      cause = error;
    } else if (isMcpError(error) && error.code !== 'timeout') {
      inARow = 0; // It answers, if with a refusal.
    }
    throw error;
  };
  return (next) => (request) => {
    if (inARow >= failures) {
      const retryAfterMs = restsUntil - now();
      if (retryAfterMs > 0) return Promise.reject(refusal(request.method, inARow, retryAfterMs, cause));
      restsUntil = now() + restMs; // This call tries it; the others wait for how that ends.
    }
    const inARowAtStart = inARow;
    return next(request).then(answered, (error: unknown) => failed(error, inARowAtStart));
  };
}

function refusal(method: string, inARow: number, retryAfterMs: number, cause: unknown): CircuitOpenError {
  const last = cause instanceof Error ? cause.message : String(cause);
  const text = `${method} was not sent: the last ${inARow} calls found the server dead (${last}); it is tried again in ${retryAfterMs} ms`;
  return new CircuitOpenError(text, { retryAfterMs }, { cause });
}
