/**
 * Runs `work`, and yields what it emits. A reader who leaves early aborts the signal that `work` was given; what it
 * throws is thrown to the reader, after all that it has emitted.
 */
export async function* emitting<Event>(
  work: (emit: (event: Event) => void, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<Event, void, undefined> {
  const abandoned = new AbortController();
  let working = Promise.resolve();
  const events = new ReadableStream<Event>({
    start(controller) {
      let isOpen = true;
      const emit = (event: Event): void => {
        if (isOpen) controller.enqueue(event); // Work that has failed may have helpers that have not.
      };
      working = work(emit, abandoned.signal).finally(() => {
        isOpen = false;
        controller.close();
      });
    },
  });
  working.catch(() => {}); // Thrown below; nobody is left to hear it when the reader has gone.
  const reader = events.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
    await working;
  } finally {
    abandoned.abort();
  }
}
