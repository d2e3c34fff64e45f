/** A bound on how many things are held, and how many bytes they have together. */
export interface Budget {
  /** Takes a place for `bytes`; false when there is none, and nothing is taken. */
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
}

export function createBudget(mostThings: number, mostBytes: number): Budget {
  let things = 0;
  let held = 0;
  return {
    take(bytes) {
      if (things + 1 > mostThings || held + bytes > mostBytes) return false;
      things += 1;
      held += bytes;
      return true;
    },
    giveBack(bytes) {
      things -= 1;
      held -= bytes;
    },
  };
}
