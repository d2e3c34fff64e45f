/** What goes wrong on a connection; nothing does by default. */
export interface Faults {
  /** How long each piece that arrives waits before it is passed on, each way, in milliseconds. */
  latencyMs?: number;
  /** Up to this much is added to the latency of each piece, in milliseconds. */
  jitterMs?: number;
  /** The most bytes that one write passes on: a number, or the least and the most to choose from. */
  sliceBytes?: number | readonly [least: number, most: number];
  /** How fast each way passes bytes on, in bytes a second. */
  bytesPerSecond?: number;
  /** Nothing is passed on until this ends: both ways, or `answers` only, so that requests still arrive. */
  silence?: boolean | 'answers';
  /** Breaks the connection with RST when this many bytes have passed. */
  resetAfterBytes?: number;
  /** Ends the connection with FIN when this many bytes have passed. */
  finAfterBytes?: number;
  /** Which bytes the two above count, since the faults were set. Default `answers`. */
  countedBytes?: 'answers' | 'requests';
  /** More connections than this are broken as soon as they are accepted. */
  maxConnections?: number;
}

/** Faults for all connections, or chosen anew for each: `random` gives numbers from 0 up to 1 by the proxy's seed. */
export type FaultSource = Faults | ((random: () => number) => Faults);
