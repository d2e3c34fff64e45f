const units = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** Milliseconds as people say them, in the largest unit that there is one of: `5m`. */
export function shownDuration(milliseconds: number): string {
  const [unit, size] = units.find(([, least]) => milliseconds >= least) ?? units[2];
  return `${Math.floor(milliseconds / size)}${unit}`;
}
