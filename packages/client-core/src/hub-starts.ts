import { sleep } from './signals.ts';

/** How long a server that is slow to start keeps the others waiting, in milliseconds. */
const makeWayAfterMs = 1000;

/** Runs work that starts a server, when its turn comes. */
export type StartGate = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets at most `limit` pieces of work start at the same time; one that takes longer than a second makes way for the next. */
export function startGate(limit: number): StartGate {
  const waiting: (() => void)[] = [];
  let free = limit;

  function makeWay(): void {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  }

  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    const ended = new AbortController();
    void sleep(makeWayAfterMs, ended.signal).then(makeWay, makeWay);
    return work().finally(() => ended.abort());
  };
}
