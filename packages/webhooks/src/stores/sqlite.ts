import type { DatabaseSync } from 'node:sqlite';
import type { DedupeStore } from '../dedupe.ts';
import { WebhookError } from '../errors.ts';

export interface SqliteStoreOptions {
  /** The clock, in milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

export interface SqliteStore extends DedupeStore {
  close(): void;
}

const schema = `
  PRAGMA busy_timeout = 5000;
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS webhook_deliveries (key TEXT PRIMARY KEY, state TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS webhook_deliveries_by_expiry ON webhook_deliveries (expires_at);
`;

/**
 * Remembers deliveries in a file, over restarts and for several processes of one machine. Needs Node 22.13 or later
 * (22.5 with --experimental-sqlite); throws a `WebhookError` elsewhere, or when the file cannot be opened.
 */
export function sqliteStore(path: string, { now = Date.now }: SqliteStoreOptions = {}): SqliteStore {
  const database = open(path);
  const forget = database.prepare('DELETE FROM webhook_deliveries WHERE expires_at <= ?');
  const insert = database.prepare("INSERT INTO webhook_deliveries VALUES (?, 'pending', ?) ON CONFLICT DO NOTHING");
  const find = database.prepare('SELECT state FROM webhook_deliveries WHERE key = ?');
  const finish = database.prepare("INSERT OR REPLACE INTO webhook_deliveries VALUES (?, 'done', ?)");
  const remove = database.prepare('DELETE FROM webhook_deliveries WHERE key = ?');
  return {
    claim(key, ttlMs) {
      forget.run(now());
      if (insert.run(key, now() + ttlMs).changes > 0) return 'claimed';
      return find.get(key)?.['state'] === 'done' ? 'done' : 'pending';
    },
    done: (key, ttlMs) => void finish.run(key, now() + ttlMs),
    release: (key) => void remove.run(key),
    close: () => database.close(),
  };
}

function open(path: string): DatabaseSync {
  const sqlite = process.getBuiltinModule('node:sqlite');
  // Types promise the module; a Node before 22.5, or one without the flag that it needed then, has none.
  if ((sqlite as typeof sqlite | undefined) === undefined)
    throw new WebhookError(
      'invalid_options',
      `sqliteStore needs node:sqlite: Node 22.13 or later; this is ${process.version}`,
    );
  try {
    const database = new sqlite.DatabaseSync(path);
    database.exec(schema);
    return database;
  } catch (cause) {
    throw new WebhookError('invalid_options', `The dedupe database ${path} cannot be opened`, { cause });
  }
}
