import { EventEmitter } from 'node:events';
import type { PGlite } from '@electric-sql/pglite';

interface QueryResult {
  rows: unknown[];
  rowCount: number;
}

/** What DBOS uses of a `pg` client. */
export interface PoolClient extends EventEmitter {
  query(text: string | { text: string; values?: unknown[] }, values?: unknown[]): Promise<QueryResult>;
  release(): void;
}

/** What DBOS uses of a `pg.Pool`. */
export interface PoolLookAlike extends EventEmitter {
  readonly options: { max: number };
  connect(): Promise<PoolClient>;
  query: PoolClient['query'];
  end(): Promise<void>;
}

/** PGlite in the shape of `pg.Pool`: it has one connection, which clients hold in turn, so that transactions never mix. */
export function pglitePool(database: PGlite): PoolLookAlike {
  let turn: Promise<void> = Promise.resolve();

  async function connect(): Promise<PoolClient> {
    const before = turn;
    let give: (() => void) | undefined;
    turn = new Promise((resolve) => (give = resolve));
    await before;
    return Object.assign(new EventEmitter(), { query: run, release: () => give?.() });
  }

  const run: PoolClient['query'] = async (statement, values) => {
    const { text, values: given } = typeof statement === 'string' ? { text: statement, values } : statement;
    if (given !== undefined && given.length > 0) return answer(await database.query(text, given));
    // Without values there may be several statements in one text: the last one's answer counts, as with `pg`.
    const results = await database.exec(text);
    return answer(results.at(-1) ?? { rows: [] });
  };

  async function query(...args: Parameters<PoolClient['query']>): Promise<QueryResult> {
    const client = await connect();
    try {
      return await client.query(...args);
    } finally {
      client.release();
    }
  }

  return Object.assign(new EventEmitter(), { options: { max: 10 }, connect, query, end: async () => {} });
}

function answer({ rows, affectedRows }: { rows: unknown[]; affectedRows?: number | undefined }): QueryResult {
  return { rows, rowCount: rows.length > 0 ? rows.length : (affectedRows ?? 0) };
}
