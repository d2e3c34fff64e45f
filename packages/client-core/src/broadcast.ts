/** One writer, many readers: each `for await` sees every value from its start, and the oldest are dropped for a reader that is `limit` behind. */
export class Broadcast<T> implements AsyncIterable<T> {
  readonly #limit: number;
  readonly #readers = new Set<Reader<T>>();
  #ended = false;
  #reason: Error | undefined;

  constructor(limit = 1000) {
    this.#limit = limit;
  }

  emit(value: T): void {
    for (const reader of this.#readers) {
      reader.queue.push(value);
      if (reader.queue.length > this.#limit) reader.queue.shift();
      reader.wake?.();
    }
  }

  /** Lets every reader finish what it has, then ends its loop: by throwing `reason`, if there is one. */
  end(reason?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reason = reason;
    for (const reader of this.#readers) reader.wake?.();
  }

  /** `first` is what a new reader sees before anything else, such as the present state. */
  async *read(first: readonly T[] = []): AsyncGenerator<T, void, undefined> {
    yield* this.#drain({ queue: [...first], wake: undefined });
  }

  /** Starts to collect at once, also before the loop asks for its first value. */
  [Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    const reader: Reader<T> = { queue: [], wake: undefined };
    this.#readers.add(reader);
    return this.#drain(reader);
  }

  async *#drain(reader: Reader<T>): AsyncGenerator<T, void, undefined> {
    this.#readers.add(reader);
    try {
      for (;;) {
        while (reader.queue.length > 0) yield reader.queue.shift() as T; // The length was just checked.
        if (this.#reason !== undefined) throw this.#reason;
        if (this.#ended) return;
        await new Promise<void>((resolve) => (reader.wake = resolve));
        reader.wake = undefined;
      }
    } finally {
      this.#readers.delete(reader);
    }
  }
}

interface Reader<T> {
  queue: T[];
  wake: (() => void) | undefined;
}
