// @ts-expect-error sql.js ships no types; the interfaces below are the part of its documented API that is used.
import initSqlJs from 'sql.js';
import { SAMPLE_DATA } from './sample-data.ts';

/** What SQLite stores, as sql.js hands it over. */
export type SqliteValue = number | bigint | string | Uint8Array | null;

/** A prepared statement of sql.js, as far as it is used here. */
export interface SqliteStatement {
  step(): boolean;
  get(parameters: null, config: { useBigInt: boolean }): SqliteValue[];
  getColumnNames(): string[];
}

/** The statements of one SQL text, prepared one by one; `return` frees them. */
export interface SqliteStatements {
  next(): { done: true; value?: undefined } | { done: false; value: SqliteStatement };
  return(): void;
  getRemainingSQL(): string;
}

/** A database of sql.js, as far as it is used here. */
export interface Sqlite {
  exec(sql: string): { columns: string[]; values: SqliteValue[][] }[];
  iterateStatements(sql: string): SqliteStatements;
}

const loadSqlJs: () => Promise<{ Database: new () => Sqlite }> = initSqlJs;

// 16 MiB in pages of 4 KiB.
const LIMITS = 'PRAGMA max_page_count = 4096; PRAGMA foreign_keys = ON;';

/** Loads SQLite and opens the sample database in memory. */
export async function openSqlite(writable: boolean): Promise<Sqlite> {
  const { Database } = await loadSqlJs();
  const database = new Database();
  database.exec(LIMITS + SAMPLE_DATA);
  if (!writable) database.exec('PRAGMA query_only = ON');
  return database;
}
