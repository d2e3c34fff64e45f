import { withTimeout } from './signals.ts';

/** Counts the calls that have not ended. */
export class CallsUnderWay {
  #count = 0;
  #onNone: (() => void) | undefined;

  get any(): boolean {
    return this.#count > 0;
  }

  begin(): void {
    this.#count++;
  }

  end(): void {
    if (--this.#count === 0) this.#onNone?.();
  }

  /** Settles when none is left, or after `ms` milliseconds. */
  async ended(ms: number): Promise<void> {
    if (!this.any || ms <= 0) return;
    const none = new Promise<void>((resolve) => (this.#onNone = resolve));
    await withTimeout(none, ms, () => new Error('Some calls are still under way')).catch(() => {}); // Their callers are told.
  }
}
