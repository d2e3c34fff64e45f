import { RateLimitError } from '../errors.ts';
import type { Interceptor } from '../interceptor.ts';
import { sleep } from '../signals.ts';

export interface RateLimitOptions {
  /** Most calls in any 60 seconds, those sent again included; the others wait their turn. */
  perMinute: number;
  /** The deadline of a call that names none, in milliseconds. */
  maxTotalMs: number;
  /** The clock, in milliseconds. Default `Date.now`. */
  now?: () => number;
  /** Default `setTimeout`, ended by the signal. */
  wait?: typeof sleep;
}

const windowMs = 60_000;

/** Holds calls back, first in first out, that a server would refuse; one that would wait past its deadline is refused at once. */
export function rateLimit({ perMinute, maxTotalMs, now = Date.now, wait = sleep }: RateLimitOptions): Interceptor {
  const turns: number[] = []; // When the last `perMinute` calls were or will be sent, in order.
  return (next) => async (request) => {
    const { signal, maxTotalMs: totalMs = maxTotalMs } = request.options;
    const oldest = turns.length < perMinute ? undefined : turns[turns.length - perMinute];
    const turn = Math.max(now(), oldest === undefined ? 0 : oldest + windowMs);
    const waitMs = turn - now();
    if (waitMs <= 0) {
      take(turn);
      return next(request);
    }
    if (waitMs >= totalMs) throw tooLate(request.method, perMinute, waitMs);
    take(turn);
    try {
      await wait(waitMs, signal);
    } catch (error) {
      turns.splice(turns.indexOf(turn), 1); // Its turn goes to the next one.
      throw error;
    }
    return next({ ...request, options: { ...request.options, maxTotalMs: totalMs - waitMs } });
  };

  function take(turn: number): void {
    turns.push(turn);
    while (turns[0] !== undefined && turns[0] + windowMs < now() && turns.length > perMinute) turns.shift();
  }
}

function tooLate(method: string, perMinute: number, retryAfterMs: number): RateLimitError {
  const text = `${method} was not sent: rateLimit allows ${perMinute} calls a minute, and its turn in ${retryAfterMs} ms is past its deadline`;
  return new RateLimitError(text, { body: '', retryAfterMs });
}
