/** Runs work at once while fewer than a number of others run, else when one of them is done; first come, first served. */
export type InSlot = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function createSlots(count: number): InSlot {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift(); // It takes over this slot.
      if (next === undefined) free += 1;
      else next();
    }
  };
}
