import { isMcpError, type McpError } from './errors.ts';
import { IdleTimer } from './idle-timer.ts';
import { reopenDelay } from './retry.ts';
import { sleep } from './signals.ts';
import type { ConnectionStatus } from './status.ts';

/** A connection that lived for less counts as one that failed. */
const healthyAfterMs = 5000;

export interface SupervisorOptions {
  /** Asks a connection that was not used for this long whether it still lives, in milliseconds. Default: never. */
  keepAliveMs?: number | undefined;
  /** Lets go of a connection that was not used for this long, in milliseconds. Default: never. */
  idleCloseMs?: number | undefined;
  random?: (() => number) | undefined;
}

/** What the supervisor may do to the session that it looks after. */
export interface Supervised {
  /** Somebody listens to what the server says by itself. */
  isWanted(): boolean;
  /** A call is under way. */
  isBusy(): boolean;
  isConnected(): boolean;
  connect(): Promise<unknown>;
  /** Takes a connection out of use on which the server does not answer. */
  checkAlive(): Promise<void>;
  letGo(): void;
  tell(status: ConnectionStatus): void;
}

/** Acts for a session while no call does: reconnects for those who listen, asks whether the server lives, lets go of what nobody uses. */
export class Supervisor {
  readonly #session: Supervised;
  readonly #random: () => number;
  readonly #idle: readonly IdleTimer[];
  readonly #ending = new AbortController();
  #isReconnecting = false;
  #connectedAt = 0;
  /** Lives in a row that were short. */
  #failures = 0;

  constructor(session: Supervised, { keepAliveMs, idleCloseMs, random = Math.random }: SupervisorOptions) {
    this.#session = session;
    this.#random = random;
    this.#idle = [
      ...(keepAliveMs === undefined ? [] : [new IdleTimer(keepAliveMs, () => void this.#keepAlive())]),
      ...(idleCloseMs === undefined ? [] : [new IdleTimer(idleCloseMs, () => this.#closeIdle())]),
    ];
  }

  onConnected(): void {
    this.#connectedAt = Date.now();
    this.touch();
  }

  /** The connection is in use. */
  touch(): void {
    for (const timer of this.#idle) timer.touch();
  }

  /** Reconnects for as long as somebody listens; otherwise the next call does. */
  async onLost(): Promise<void> {
    if (Date.now() - this.#connectedAt > healthyAfterMs) this.#failures = 0;
    if (!this.#session.isWanted()) return this.#session.tell({ type: 'reconnecting', attempt: 1, delayMs: 0 });
    if (this.#isReconnecting) return;
    this.#isReconnecting = true;
    await this.#reconnect().finally(() => (this.#isReconnecting = false));
  }

  stop(): void {
    this.#ending.abort();
    for (const timer of this.#idle) timer.stop();
  }

  async #reconnect(): Promise<void> {
    const { signal } = this.#ending;
    for (let attempt = 1; this.#session.isWanted() && !this.#session.isConnected() && !signal.aborted; attempt++) {
      const delayMs = reopenDelay(this.#failures++, undefined, this.#random);
      this.#session.tell({ type: 'reconnecting', attempt, delayMs });
      await sleep(delayMs, signal).catch(() => {}); // Closing ends the loop.
      if (signal.aborted) return;
      const failure = await this.#session.connect().then(
        () => undefined,
        (error: unknown) => error,
      );
      if (isMcpError(failure) && failure.code === 'crash-loop') return this.#giveUp(failure);
    }
  }

  #giveUp(reason: McpError): void {
    this.#session.tell({ type: 'closed', reason });
  }

  async #keepAlive(): Promise<void> {
    if (!this.#session.isConnected()) return; // The next connection starts the timer again.
    await this.#session.checkAlive().catch(() => {}); // Whoever listens is told that the connection is lost.
    this.touch();
  }

  #closeIdle(): void {
    if (this.#session.isBusy() || this.#session.isWanted()) return this.touch();
    if (this.#session.isConnected()) this.#session.letGo();
  }
}
