import type { EventBody, RunEvent } from './events.ts';

/** Passes on what happens in the runs of this process. */
export class EventHub {
  readonly #listeners = new Set<(event: RunEvent) => void>();
  /** The steps that have begun, for those who come later. */
  readonly #begun = new Map<string, RunEvent[]>();

  emit(run: string, body: EventBody): void {
    const event: RunEvent = { run, at: Date.now(), ...body };
    if (body.type === 'step-started') this.#begun.set(run, [...(this.#begun.get(run) ?? []), event]);
    for (const listener of this.#listeners) listener(event);
  }

  /** Forgets a run that has ended, or left this process. */
  end(run: string): void {
    this.#begun.delete(run);
  }

  /** Calls `listener` for the steps that have begun, and all that happens then, until the returned function is called. */
  listen(listener: (event: RunEvent) => void): () => void {
    for (const event of [...this.#begun.values()].flat()) listener(event);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
