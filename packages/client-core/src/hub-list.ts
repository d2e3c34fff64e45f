import type { ReadOptions } from './client-options.ts';
import { McpError } from './errors.ts';
import { abortable, withTimeout } from './signals.ts';

/** How long a list is waited for that failed the last time, in milliseconds; it goes on being asked for meanwhile. */
const patienceAfterFailureMs = 1000;

/** How one list is read. */
export interface KnownListOptions extends ReadOptions {
  /** Milliseconds that the reader waits; the list goes on being asked for. Default: until it is there, or has failed. */
  waitMs?: number | undefined;
  /** One of many servers that are asked: one that has to be started waits for its turn. Default false. */
  inTurn?: boolean;
}

/** One list of one server: what is known of it, and why no more is known. Readers at the same time share one request. */
export class KnownList<T> {
  /** As the server last gave it; undefined before. */
  items: readonly T[] | undefined;
  /** Why the server did not give it the last time. */
  failure: unknown;
  readonly #ask: (options: ReadOptions) => Promise<readonly T[]>;
  readonly #onFailed: (error: unknown) => void;
  #pending: Promise<readonly T[]> | undefined;
  #asked = 0;
  /** The number of the newest request whose outcome is known. */
  #settled = 0;

  /** `ask` must settle. */
  constructor(ask: (options: ReadOptions) => Promise<readonly T[]>, onFailed: (error: unknown) => void) {
    this.#ask = ask;
    this.#onFailed = onFailed;
  }

  /** Asks the server; rejects with its failure, or with `signal.reason`. */
  read({ signal, waitMs = Infinity, ...options }: KnownListOptions = {}): Promise<readonly T[]> {
    const mayShare = options.fresh !== true && options.headers === undefined && options.meta === undefined;
    const { failure } = this;
    const patienceMs = mayShare && failure !== undefined ? Math.min(waitMs, patienceAfterFailureMs) : waitMs;
    const asked = (mayShare ? this.#pending : undefined) ?? this.#start(options);
    return abortable(
      withTimeout(asked, patienceMs, () => (failure === undefined ? late(waitMs) : (failure as Error))), // Whatever it rejected with.
      signal,
    );
  }

  /** The server has told what the list is now. */
  set(items: readonly T[]): void {
    this.#settle(++this.#asked, items, undefined);
  }

  #start(options: ReadOptions): Promise<readonly T[]> {
    const turn = ++this.#asked;
    const pending = this.#ask(options)
      .then(
        (items) => {
          this.#settle(turn, items, undefined);
          return items;
        },
        (error: unknown) => {
          this.#settle(turn, this.items, error);
          this.#onFailed(error);
          throw error;
        },
      )
      .finally(() => {
        if (this.#pending === pending) this.#pending = undefined;
      });
    pending.catch(() => {}); // Its readers may have gone.
    this.#pending = pending;
    return pending;
  }

  /** An older request that ends after a newer one says nothing new. */
  #settle(turn: number, items: readonly T[] | undefined, failure: unknown): void {
    if (turn <= this.#settled) return;
    this.#settled = turn;
    this.items = items;
    this.failure = failure;
  }
}

function late(waitMs: number): McpError {
  return new McpError('timeout', `The list was not there after ${waitMs} ms`, { delivered: 'no', retryable: true });
}
