import { isObject } from './jsonrpc.ts';

/** How long a `Retry-After` header asks to wait, in milliseconds: it holds seconds or a date (RFC 9110 §10.2.3). */
export function retryAfterMs(header: string | undefined, now: number = Date.now()): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  const delay = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isNaN(delay) ? undefined : Math.max(delay, 0);
}

/** How long a refusal for too many requests asks to wait, in milliseconds: its headers count before its body. */
export function rateLimitResetMs(
  answer: { header: (name: string) => string | undefined; body: string },
  now: number = Date.now(),
): number | undefined {
  return (
    retryAfterMs(answer.header('retry-after'), now) ??
    resetMs(answer.header('ratelimit-reset') ?? answer.header('x-ratelimit-reset'), now) ??
    resetMs(fieldIn(answer.body), now)
  );
}

/** Some servers count seconds from now, others since 1970. */
function resetMs(value: unknown, now: number): number | undefined {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return undefined;
  return Math.max(seconds > 1e9 ? seconds * 1000 - now : seconds * 1000, 0);
}

function fieldIn(body: string): unknown {
  try {
    const parsed: unknown = JSON.parse(body);
    return isObject(parsed) ? (parsed['retry_after'] ?? parsed['reset_in_seconds']) : undefined;
  } catch {
    return undefined;
  }
}
