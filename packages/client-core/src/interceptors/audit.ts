import { isMcpError } from '../errors.ts';
import type { Interceptor } from '../interceptor.ts';
import { excerpt } from '../protocol/excerpt.ts';
import { outcomeOfError, outcomeOfResult, targetOf, tell, type Outcome } from './outcome.ts';
import { redact } from './redact.ts';

export interface AuditOptions {
  /** What the records call the server. */
  server?: string;
  /** Adds the arguments of tools and prompts, at most about 4,096 characters of them, what looks secret redacted. Default false. */
  arguments?: boolean;
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
}

/**
 * Writes a line of JSON per call: `time` (ISO, of its start), `server`, `method`, `tool` or `prompt`, `outcome` (`ok`, `tool-error`,
 * `cancelled` or an error code), `durationMs`, and the `attempts` of one that failed.
 */
export function audit(write: (line: string) => void, options: AuditOptions = {}): Interceptor {
  const { server, arguments: withArguments = false, now = Date.now } = options;
  return (next) => async (request) => {
    const startedAt = now();
    // Taken before the call, whose caller or inner interceptors may change what they gave.
    const given = withArguments ? argumentsOf(request.params['arguments']) : undefined;
    const ended = (outcome: Outcome, attempts?: number): void =>
      tell(() => {
        const record = {
          time: new Date(startedAt).toISOString(),
          server,
          method: excerpt(request.method, 128),
          [request.method === 'prompts/get' ? 'prompt' : 'tool']: targetOf(request),
          outcome,
          durationMs: now() - startedAt,
          attempts,
          arguments: given,
        };
        write(JSON.stringify(record).replaceAll(unprintable, escapeUnits));
      });
    try {
      const result = await next(request);
      ended(outcomeOfResult(result));
      return result;
    } catch (error) {
      ended(outcomeOfError(error, request), isMcpError(error) ? error.attempts : undefined);
      throw error;
    }
  };
}

function argumentsOf(value: unknown): unknown {
  try {
    return redact(value, 4096);
  } catch {
    return '[unreadable]'; // A getter or a toJSON of the caller's throws: sending will say so.
  }
}

/** What could drive a terminal that shows the line, and that JSON leaves as it is. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function escapeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
