import { CliError } from './cli-error.ts';

const milliseconds: Record<string, number> = { '': 1, ms: 1, s: 1_000, m: 60_000 };

/** Reads `500`, `500ms`, `30s` or `2m` as milliseconds; throws a usage error for anything else. */
export function parseDuration(text: string, written: string = '--timeout'): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|)$/.exec(text.trim());
  const factor = milliseconds[match?.[2] ?? ''] ?? 1;
  const duration = Math.round(Number(match?.[1]) * factor);
  // Node's timers overflow past 2^31 - 1 ms and would fire at once.
  if (duration >= 1 && duration < 2 ** 31) return duration;
  throw new CliError('usage', `${written} wants a time such as 500, 30s or 2m, not "${text}"`);
}
