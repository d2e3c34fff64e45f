// It brings no types.
// @ts-expect-error
import { Client } from 'pg';
import { sleep } from '../waiting.ts';

/** What is used of a `Client` of `pg`. */
interface Connection {
  connect(): Promise<void>;
  query(text: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  on(event: 'error' | 'end', listener: () => void): void;
  end(): Promise<void>;
}

/** Shows other processes on the same PostgreSQL that this one lives, and tells which of them do. */
export interface Liveness {
  /** When the process of this name has died, does `work` while no other process does the same; gives whether it has. */
  ifDead(name: string, work?: () => Promise<void>): Promise<boolean>;
  close(): Promise<void>;
}

const reconnectEveryMs = 500;
/** Waits for another process that is about to take our runs over: it gives the lock back in a moment. */
const hold = 'SELECT pg_advisory_lock(hashtextextended($1, 0))';
const take = 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken';
const giveBack = 'SELECT pg_advisory_unlock(hashtextextended($1, 0))';
/** A machine that is gone closes no connection: the server notices after 4 seconds. */
const noticeSoon = 'SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 2';

/** Holds a lock of the session by `name` for as long as this process lives: PostgreSQL frees it when the connection ends. */
export async function holdLiveness(url: string, name: string, onWarning: (message: string) => void): Promise<Liveness> {
  const closing = new AbortController();
  let client = await connect();
  let queue: Promise<unknown> = Promise.resolve();

  async function connect(): Promise<Connection> {
    const connected: Connection = new Client({
      connectionString: url,
      application_name: 'toolwire-liveness',
      keepAlive: true,
      connectionTimeoutMillis: 5000,
    });
    connected.on('error', () => {}); // The end follows.
    await connected.connect();
    await connected.query(noticeSoon);
    await connected.query(hold, [lockName(name)]);
    connected.on('end', () => void reconnect());
    return connected;
  }

  async function reconnect(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        client = await connect();
        return;
      } catch (error) {
        onWarning(`The connection that shows that this process lives is lost: ${String(error)}`);
        await sleep(reconnectEveryMs, closing.signal).catch(() => {}); // Closing.
      }
    }
  }

  /** A session may take the same lock twice: one question at a time, so that each gives back what it took. */
  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = queue.then(work);
    queue = done.catch(() => {}); // Whoever asked has the error.
    return done;
  }

  async function ifDead(other: string, work?: () => Promise<void>): Promise<boolean> {
    return inTurn(async () => {
      const asked = client;
      if (!(await isTaken(asked, other))) return false;
      try {
        await work?.();
      } finally {
        // A connection that is lost has given back everything.
        await asked.query(giveBack, [lockName(other)]).catch(() => {});
      }
      return true;
    });
  }

  async function close(): Promise<void> {
    closing.abort();
    await client.end();
  }

  return { ifDead, close };
}

/** Whether this session has the lock now; not while its connection is lost: then nobody is known to be dead. */
async function isTaken(connection: Connection, name: string): Promise<boolean> {
  try {
    const { rows } = await connection.query(take, [lockName(name)]);
    return rows[0]?.['taken'] === true;
  } catch {
    return false;
  }
}

function lockName(name: string): string {
  return `toolwire/${name}`;
}
