import type { ClientOptions } from './client-options.ts';
import type { Counters } from './counters.ts';
import { McpError } from './errors.ts';
import type { Interceptor } from './interceptor.ts';
import { circuitBreaker } from './interceptors/circuit-breaker.ts';
import { rateLimit } from './interceptors/rate-limit.ts';
import { retry } from './interceptors/retry.ts';

/** What every call passes on its way to the session, the outermost first, and what opening a connection passes. */
export function callStack(
  options: ClientOptions,
  limits: { connectTimeoutMs: number; maxTotalMs: number },
  counters: Counters,
): { forCalls: readonly Interceptor[]; forConnect: Interceptor } {
  const { interceptors = [], circuitBreaker: breaker, rateLimit: rate } = options;
  const { attempts = 3, maxRetryWaitMs: maxWaitMs, onRetry } = options;
  const again = retry({ attempts, maxWaitMs, onRetry, ...limits, counters });
  const forCalls = [
    ...interceptors,
    ...(breaker === false ? [] : [circuitBreaker(breaker)]),
    again,
    ...(rate === undefined ? [] : [rateLimit({ ...checked(rate), maxTotalMs: limits.maxTotalMs })]),
  ];
  return { forCalls, forConnect: again };
}

function checked(rate: { perMinute: number }): { perMinute: number } {
  if (Number.isInteger(rate.perMinute) && rate.perMinute > 0) return rate;
  const text = `rateLimit.perMinute is ${rate.perMinute}; it must be a whole number of calls, 1 or more`;
  throw new McpError('config-invalid', text, { delivered: 'no' });
}
