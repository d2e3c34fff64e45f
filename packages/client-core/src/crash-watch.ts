import { CrashLoopError, ServerExitedError } from './errors.ts';
import { retryDelay } from './retry.ts';

const crashesAllowed = 5;
const windowMs = 30_000;

/** Counts how often a server's process ended by itself, so that one that crashes is started ever more slowly, and then not at all. */
export class CrashWatch {
  readonly #random: () => number;
  readonly #now: () => number;
  /** When the last crashes were. */
  #crashes: number[] = [];
  #last: ServerExitedError | undefined;

  constructor(random: () => number = Math.random, now: () => number = Date.now) {
    this.#random = random;
    this.#now = now;
  }

  record(error: unknown): void {
    if (!(error instanceof ServerExitedError) || this.isLoop) return;
    this.#forgetOld();
    this.#crashes.push(this.#now());
    this.#last = error;
  }

  /** After 5 crashes in 30 s; stays so until `reset()`. */
  get isLoop(): boolean {
    return this.#crashes.length >= crashesAllowed;
  }

  /** Throws `CrashLoopError` when the server must not be started any more. */
  check(): void {
    if (!this.isLoop) return;
    const text = `The server crashed ${crashesAllowed} times within ${windowMs / 1000} s and is not started any more; mend it, then call connect(). The last time: ${this.#last?.message}`;
    throw new CrashLoopError(text, { cause: this.#last });
  }

  /** Milliseconds to wait before the next start. */
  delayMs(): number {
    this.#forgetOld();
    return this.#crashes.length === 0 ? 0 : retryDelay(this.#crashes.length, undefined, this.#random);
  }

  reset(): void {
    this.#crashes = [];
  }

  #forgetOld(): void {
    const since = this.#now() - windowMs;
    if (!this.isLoop) this.#crashes = this.#crashes.filter((at) => at > since);
  }
}
