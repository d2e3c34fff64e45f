/** How much is measured. */
export interface MeasureOptions {
  /** How many calls; none where the time alone counts. */
  readonly calls: number | undefined;
  /** How long, in milliseconds; no call begins after that. */
  readonly durationMs: number | undefined;
  /** How many calls are under way at once. */
  readonly jobs: number;
  /** Milliseconds since whenever. */
  readonly now: () => number;
  /** Told after each call. */
  readonly onProgress?: (done: number) => void;
}

/** What was measured. */
export interface Measured {
  readonly calls: number;
  readonly seconds: number;
  readonly callsPerSecond: number;
  /** Of the calls that did not fail; nothing when all did. */
  readonly latencyMs: Readonly<Record<'min' | 'mean' | 'p50' | 'p90' | 'p99' | 'max', number>> | undefined;
  /** How many calls failed, by their code. */
  readonly errors: Readonly<Record<string, number>>;
}

/** Calls as often as is wanted; `call` resolves with the code of what failed, if anything did. */
export async function measure(call: () => Promise<string | undefined>, options: MeasureOptions): Promise<Measured> {
  const { calls = Infinity, durationMs = Infinity, jobs, now, onProgress } = options;
  const latencies: number[] = [];
  const errors = new Map<string, number>();
  const began = now();
  let [begun, done] = [0, 0];

  async function work(): Promise<void> {
    while (begun < calls && now() - began < durationMs) {
      begun += 1;
      const start = now();
      const code = await call();
      if (code === undefined) latencies.push(now() - start);
      else errors.set(code, (errors.get(code) ?? 0) + 1);
      done += 1;
      onProgress?.(done);
    }
  }

  await Promise.all(Array.from({ length: Math.min(jobs, calls) }, work));
  const seconds = (now() - began) / 1000;
  return {
    calls: done,
    seconds: round(seconds, 3),
    callsPerSecond: round(done / Math.max(seconds, 1e-6), 1),
    latencyMs: summaryOf(latencies.toSorted((a, b) => a - b)),
    errors: Object.fromEntries(errors),
  };
}

function summaryOf(sorted: readonly number[]): Measured['latencyMs'] {
  if (sorted.length === 0) return undefined;
  // The nearest rank: a time that was really measured.
  const percentile = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  const mean = sorted.reduce((sum, latency) => sum + latency, 0) / sorted.length;
  const figures = {
    min: sorted[0] ?? 0,
    mean,
    p50: percentile(0.5),
    p90: percentile(0.9),
    p99: percentile(0.99),
    max: sorted.at(-1) ?? 0,
  };
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, round(value, 2)])) as typeof figures; // The same names.
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
