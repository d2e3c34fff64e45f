import type { Interceptor } from '../interceptor.ts';
import { excerpt } from '../protocol/excerpt.ts';
import { outcomeOfError, outcomeOfResult, targetOf, tell, type Outcome } from './outcome.ts';

export interface LogOptions {
  /** The clock, in milliseconds. Default `performance.now`. */
  now?: () => number;
}

/** Writes a line per call, such as `tools/call process_data ok in 3.2 ms`: never its arguments, its result or an error's message. */
export function log(write: (line: string) => void, options: LogOptions = {}): Interceptor {
  const { now = () => performance.now() } = options;
  return (next) => async (request) => {
    const startedAt = now();
    const name = [excerpt(request.method, 128), targetOf(request)].filter((part) => part !== undefined).join(' ');
    const ended = (outcome: Outcome): void =>
      tell(() => write(`${name} ${outcome} in ${(now() - startedAt).toFixed(1)} ms`));
    try {
      const result = await next(request);
      ended(outcomeOfResult(result));
      return result;
    } catch (error) {
      ended(outcomeOfError(error, request));
      throw error;
    }
  };
}
