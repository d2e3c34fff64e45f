/** Runs work with the same key one after the other, in the order of the calls; work without a key at once. */
export type InLane = <Result>(key: string | undefined, work: () => Promise<Result>) => Promise<Result>;

export function createLanes(): InLane {
  const lastOf = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    if (key === undefined) return work();
    const before = lastOf.get(key) ?? Promise.resolve();
    const turn = before.then(work, work);
    lastOf.set(key, turn);
    try {
      return await turn;
    } finally {
      if (lastOf.get(key) === turn) lastOf.delete(key);
    }
  };
}
