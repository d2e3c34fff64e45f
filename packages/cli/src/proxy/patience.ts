import { HttpError, type Interceptor } from '@toolwire/client-core';
import type { Log } from './log.ts';

const firstWaitMs = 2_000;
const longestWaitMs = 15_000;
/** The usual window of a rate limit is a minute; a host that waits longer for an answer is rare. */
export const patienceMs = 75_000;

export interface PatienceOptions {
  log: Log;
  /** Settles after so many milliseconds, or when the call is given up. */
  wait: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  now?: () => number;
}

/**
 * Waits out a server that refuses for a while without naming a time (429, or 503 in the handshake): a model that is told of
 * it does nothing better. A call that the server may have carried out is never sent again.
 */
export function patience({ log, wait, now = Date.now }: PatienceOptions): Interceptor {
  return (next) => async (request) => {
    const startedAt = now();
    for (let round = 0; ; round++) {
      try {
        return await next(request);
      } catch (error) {
        const waitMs = Math.min(firstWaitMs * 2 ** round, longestWaitMs);
        if (!isRefusal(error, request.method) || now() + waitMs - startedAt > patienceMs) throw error;
        log.say(
          `the server refuses ${request.method} for now (HTTP ${error.status}); asks again in ${waitMs / 1000} s`,
        );
        await wait(waitMs, request.options.signal);
      }
    }
  };
}

/** A server that names a time is waited for by the client itself, as long as the deadline of the call allows. */
function isRefusal(error: unknown, method: string): error is HttpError {
  if (!(error instanceof HttpError) || error.retryAfterMs !== undefined) return false;
  return error.status === 429 || (error.status === 503 && method === 'initialize');
}
