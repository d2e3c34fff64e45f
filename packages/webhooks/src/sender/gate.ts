import { setMaxListeners } from 'node:events';
import type { Clock } from './clock.ts';

/** Why nothing is sent any more. */
export type StopReason = 'closed' | 'endpoint_gone';

/** Decides for a whole endpoint when the next attempt may start, and whether any may. */
export class Gate {
  readonly #clock: Clock;
  #isGone = false;
  #closesAt = Infinity;
  #throttledUntil = 0;
  #alarm = manyHeard();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves at `dueAt`, or when a throttled endpoint may be asked again; sooner, with the reason, if that will not be. */
  async pass(dueAt = 0): Promise<StopReason | undefined> {
    for (;;) {
      const opensAt = Math.max(dueAt, this.#throttledUntil);
      const stopped = this.stopReason(opensAt);
      const waitMs = opensAt - this.#clock.now();
      if (stopped !== undefined || waitMs <= 0) return stopped;
      await this.#clock.sleep(waitMs, this.#alarm.signal);
    }
  }

  /** Why an attempt that is due at `dueAt` will never start. */
  stopReason(dueAt: number = this.#clock.now()): StopReason | undefined {
    if (this.#isGone) return 'endpoint_gone';
    return Math.max(dueAt, this.#clock.now()) >= this.#closesAt ? 'closed' : undefined;
  }

  /** The endpoint asks to be left alone for so long. */
  throttle(ms: number): void {
    this.#throttledUntil = Math.max(this.#throttledUntil, this.#clock.now() + ms);
  }

  /** The endpoint wants nothing more. */
  markGone(): void {
    this.#isGone = true;
    this.#wakeAll();
  }

  /** Someone knows better: the endpoint is asked again. */
  reopen(): void {
    this.#isGone = false;
    this.#throttledUntil = 0;
  }

  /** Attempts that are due after `graceMs` from now will not be made. */
  closeIn(graceMs: number): void {
    this.#closesAt = this.#clock.now() + graceMs;
    this.#wakeAll();
  }

  #wakeAll(): void {
    const alarm = this.#alarm;
    this.#alarm = manyHeard();
    alarm.abort();
  }
}

/** A controller whose signal as many may wait for as there are messages: Node takes more than ten for a leak. */
export function manyHeard(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
