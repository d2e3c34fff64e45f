import type { Progress } from '@toolwire/client-core';
import type { Io } from '../io.ts';
import type { Spinner } from './spinner.ts';

const quietMs = 300;

/** What is being waited for, shown on a terminal once it takes longer than 300 ms. Costs nothing before. */
export class Activity {
  readonly #io: Io;
  readonly #waiting = new Set<object>();
  #spinner: Promise<Spinner> | undefined;
  #shown: Spinner | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #latest: { label: string; progress?: Progress } = { label: '' };

  constructor(io: Io) {
    this.#io = io;
  }

  /** Shows `label` for as long as `work` takes, and the progress that is reported to it. */
  async track<T>(label: string, work: (onProgress: (progress: Progress) => void) => Promise<T>): Promise<T> {
    const token = {};
    this.#waiting.add(token);
    this.#latest = { label };
    this.#arm();
    try {
      return await work((progress) => {
        this.#latest = { label, progress };
      });
    } finally {
      this.#waiting.delete(token);
      if (this.#waiting.size === 0) this.stop();
    }
  }

  /** Leaves the terminal to somebody else until `work` is done. */
  async pause<T>(work: () => Promise<T>): Promise<T> {
    this.stop();
    try {
      return await work();
    } finally {
      if (this.#waiting.size > 0) this.#arm();
    }
  }

  /** Clears what is shown, so that something else can be printed. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#shown?.clear();
    this.#shown = undefined;
  }

  #arm(): void {
    // What cannot be shown is no reason to fail.
    if (canAnimate(this.#io)) this.#timer ??= setTimeout(() => void this.#show().catch(() => undefined), quietMs);
  }

  async #show(): Promise<void> {
    this.#spinner ??= import('./moving.ts').then(({ openSpinner }) => openSpinner(this.#io.stderr));
    const spinner = await this.#spinner;
    if (this.#timer === undefined || this.#shown !== undefined) return; // It was stopped meanwhile, or stopped and begun.
    this.#shown = spinner;
    spinner.show(() => this.#latest);
  }
}

function canAnimate({ stderr, env }: Io): boolean {
  return stderr.isTTY === true && env['TERM'] !== 'dumb';
}
