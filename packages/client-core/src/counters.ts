/** What a client has done since it was made; the numbers only grow. */
export interface Counters {
  /** Calls of the program. */
  calls: number;
  /** Calls sent again. */
  retries: number;
  /** Calls not sent again, because the budget for that was used up. */
  budgetRefusals: number;
  /** Connections opened, the first included. */
  connections: number;
  /** Messages and lines of the server that nothing waits for. */
  ignored: number;
}

export function newCounters(): Counters {
  return { calls: 0, retries: 0, budgetRefusals: 0, connections: 0, ignored: 0 };
}
