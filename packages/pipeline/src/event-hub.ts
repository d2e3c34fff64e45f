import type { EventBody, RunEvent } from './events.ts';

/** Passes on what happens in the runs of this process. */
export class EventHub {
  readonly #listeners = new Set<(event: RunEvent) => void>();

  emit(run: string, body: EventBody): void {
    const event: RunEvent = { run, at: Date.now(), ...body };
    for (const listener of this.#listeners) listener(event);
  }

  /** Calls `listener` until the returned function is called. */
  listen(listener: (event: RunEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
