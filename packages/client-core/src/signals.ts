/** Resolves after `ms` milliseconds, or rejects with `signal.reason` as soon as `signal` aborts. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const slept = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await abortable(slept, signal).finally(() => clearTimeout(timer));
}

/** Settles as `promise` does, or rejects with `signal.reason` as soon as `signal` aborts; leaves no listener behind. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      promise.catch(() => {}); // Nobody waits for it any more.
      reject(reasonOf(signal));
      return;
    }
    const onAbort = (): void => reject(reasonOf(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** The reason that an aborted call rejects with: whatever the caller gave to `abort()`. */
export function reasonOf(signal: AbortSignal): Error {
  return signal.reason as Error; // Any value may be a reason; a rejection passes it on as it is.
}

/** Rejects with `onTimeout()` when `promise` has not settled after `ms` milliseconds. */
export function withTimeout<T>(promise: Promise<T>, ms: number, onTimeout: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(onTimeout()), Math.min(Math.max(ms, 0), longestTimeout));
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** What `setTimeout` takes for longer it takes for 1 ms; these 24 days outlast any call. */
const longestTimeout = 2 ** 31 - 1;

/** One timer that fires at the earliest of many deadlines; it does not keep a process alive. */
export class SharedTimer {
  readonly #onDue: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAt = Infinity;

  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  /** Fires at `dueAt` (milliseconds since the epoch) at the latest; may fire early for a deadline that has moved. */
  watch(dueAt: number): void {
    if (dueAt >= this.#dueAt) return;
    this.stop();
    this.#dueAt = dueAt;
    const wait = Math.min(Math.max(dueAt - Date.now(), 0), longestTimeout);
    this.#timer = setTimeout(() => this.#fire(), wait);
    if (typeof this.#timer === 'object') this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#dueAt = Infinity;
  }

  #fire(): void {
    this.#dueAt = Infinity;
    this.#onDue();
  }
}
