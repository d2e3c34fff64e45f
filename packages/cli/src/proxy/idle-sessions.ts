import type { HostSession } from './host-session.ts';

const idleMs = 10 * 60_000;
const mostSessions = 200;

/** A session, and the wire that belongs to it. */
export interface Held<Wire> {
  readonly session: HostSession;
  readonly wire: Wire;
}

interface Entry<Wire> extends Held<Wire> {
  /** Answers and streams that are open now. */
  open: number;
  idleTimer: ReturnType<typeof setTimeout> | undefined;
}

/** Sessions that no single wire holds open: one on which nothing has been open for ten minutes is over. */
export class IdleSessions<Wire> {
  readonly #entries = new Map<string, Entry<Wire>>();

  get isFull(): boolean {
    return this.#entries.size >= mostSessions;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** Keeps a session under `key`; it is in use until `over` settles. */
  add(key: string, held: Held<Wire>, over: Promise<unknown>): Held<Wire> {
    const entry: Entry<Wire> = { ...held, open: 0, idleTimer: undefined };
    this.#entries.set(key, entry);
    void held.session.closed.then(() => this.#remove(key, entry));
    return this.#hold(entry, over);
  }

  /** The session under `key`, which is in use until `over` settles. */
  use(key: string, over: Promise<unknown>): Held<Wire> | undefined {
    const entry = this.#entries.get(key);
    return entry === undefined ? undefined : this.#hold(entry, over);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ session }) => session.close()));
  }

  #hold(entry: Entry<Wire>, over: Promise<unknown>): Entry<Wire> {
    entry.open++;
    clearTimeout(entry.idleTimer);
    void over.then(() => this.#release(entry));
    return entry;
  }

  #release(entry: Entry<Wire>): void {
    entry.open--;
    if (entry.open === 0) entry.idleTimer = setTimeout(() => void entry.session.close(), idleMs).unref();
  }

  #remove(key: string, entry: Entry<Wire>): void {
    clearTimeout(entry.idleTimer);
    this.#entries.delete(key);
  }
}
