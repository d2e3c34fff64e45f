/** Resolves after `ms` milliseconds, or rejects with `signal.reason` as soon as `signal` aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error); // Whatever the caller gave to `abort()`.
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Lets so many in at a time, in the order of their calls. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Resolves when there is a slot; whoever has it calls `release`. */
  acquire(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

/** Resolves when `promise` settles, or after `ms` milliseconds; rejects as soon as `signal` aborts. Leaves no timer behind. */
export async function atMost(ms: number, promise: Promise<unknown>, signal?: AbortSignal): Promise<void> {
  const over = new AbortController();
  const late = sleep(ms, signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]));
  try {
    await Promise.race([Promise.allSettled([promise]), late]); // Whoever waits for its value has its error.
  } finally {
    over.abort();
    late.catch(() => {}); // It is not waited for any more.
  }
}
