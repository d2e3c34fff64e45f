/** Calls a listener of the user's; one that throws must not break the delivery that it is told of. */
export function tell<Event>(listener: ((event: Event) => void) | undefined, event: Event): void {
  try {
    listener?.(event);
  } catch {
    // Nobody is left to be told.
  }
}
