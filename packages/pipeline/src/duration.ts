const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const pattern = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/;

/** A time: milliseconds, or a text like `500ms`, `30s`, `5m`, `2h` or `1d`. */
export type Duration = number | string;

/** Milliseconds; undefined for what is no duration. */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined;
  const [, count, unit = ''] = (typeof value === 'string' && pattern.exec(value.trim())) || [];
  return count === undefined ? undefined : Number(count) * (units[unit] ?? 1);
}

/** Milliseconds of a duration that was checked when its pipeline was made. */
export function milliseconds(duration: Duration): number {
  const ms = parseDuration(duration);
  if (ms === undefined) throw new TypeError(`${JSON.stringify(duration)} is no duration`);
  return ms;
}
