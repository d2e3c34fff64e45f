/** Runs `onIdle` whenever nothing has touched it for `ms` milliseconds; it does not keep a process alive. */
export class IdleTimer {
  readonly #ms: number;
  readonly #onIdle: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #touchedAt = 0;

  constructor(ms: number, onIdle: () => void) {
    this.#ms = ms;
    this.#onIdle = onIdle;
  }

  /** Costs a number: it is called for every request. */
  touch(): void {
    this.#touchedAt = Date.now();
    this.#timer ??= this.#wait(this.#ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(ms: number): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => this.#check(), ms);
    if (typeof timer === 'object') timer.unref();
    return timer;
  }

  #check(): void {
    const left = this.#touchedAt + this.#ms - Date.now();
    this.#timer = left > 0 ? this.#wait(left) : undefined;
    if (left <= 0) this.#onIdle();
  }
}
