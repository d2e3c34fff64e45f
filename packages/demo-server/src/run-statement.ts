import type { Sqlite, SqliteStatement, SqliteValue } from './sqlite.ts';
import { findRefusal, READ_ONLY, skipBlanks } from './statement-rules.ts';

/** A value of a result: what JSON can hold. Blobs and integers beyond 2^53 come as text. */
export type Value = number | string | null;

/** What one statement returned and did. */
export interface StatementResult {
  readonly columns: string[];
  readonly rows: Value[][];
  /** Whether rows are missing, because there were too many. */
  readonly truncated: boolean;
  readonly changedRows: number;
}

/** The most rows that one statement returns. */
export const MAX_ROWS = 1_000;

// Of JSON; clients with a read buffer of 10 MB must be able to take the rows twice, as text and as values.
const MAX_CHARACTERS = 1_000_000;

/** A refusal of ours, whose message stands alone; what SQLite throws is explained first. */
class Refusal extends Error {}

/** Runs `sql`, which must be one allowed statement; every error says what to do. */
export function runStatement(database: Sqlite, sql: string, writable: boolean): StatementResult {
  const refusal = findRefusal(sql, writable);
  if (refusal !== undefined) throw new Refusal(refusal);
  const changesBefore = totalChanges(database);
  const result = runOne(database, sql);
  return { ...result, changedRows: totalChanges(database) - changesBefore };
}

type Rows = Omit<StatementResult, 'changedRows'>;

function runOne(database: Sqlite, sql: string): Rows {
  const statements = database.iterateStatements(sql);
  try {
    const { value: statement } = statements.next();
    if (statement === undefined) throw new Refusal('The query is empty.');
    const rest = skipBlanks(statements.getRemainingSQL());
    if (rest !== '') throw new Refusal(`Only one statement runs per call. Send this one separately: ${rest}`);
    return readRows(statement);
  } catch (error) {
    throw explain(error, database);
  } finally {
    statements.return();
  }
}

function readRows(statement: SqliteStatement): Rows {
  const columns = statement.getColumnNames();
  const rows: Value[][] = [];
  let characters = 0;
  while (statement.step()) {
    const row = statement.get(null, { useBigInt: true }).map(toJsonValue);
    characters += JSON.stringify(row).length;
    if (characters > MAX_CHARACTERS && rows.length === 0) {
      throw new Refusal('The first row is too large to return. Select fewer columns, or cut values with substr().');
    }
    if (characters > MAX_CHARACTERS || rows.length === MAX_ROWS) return { columns, rows, truncated: true };
    rows.push(row);
  }
  return { columns, rows, truncated: false };
}

function toJsonValue(value: SqliteValue): Value {
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
  if (typeof value === 'string' || value === null) return value;
  const number = Number(value);
  const exact = typeof value === 'bigint' ? Number.isSafeInteger(number) : Number.isFinite(number);
  return exact ? number : String(value);
}

function totalChanges(database: Sqlite): number {
  return Number(database.exec('SELECT total_changes()')[0]?.values[0]?.[0]);
}

/** The same error with advice, where SQLite's own words leave the reader without. */
function explain(error: unknown, database: Sqlite): Error {
  if (error instanceof Refusal) return error;
  const message = `SQL error: ${error instanceof Error ? error.message : String(error)}`;
  if (message.includes('readonly database')) return new Error(READ_ONLY);
  if (message.includes('no such table')) return new Error(`${message}. Tables: ${tables(database)}.`);
  if (message.includes('no such column')) return new Error(`${message}. get_table_schema lists a table's columns.`);
  return new Error(message);
}

function tables(database: Sqlite): string {
  const [names] = database.exec("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
  return names?.values.flat().join(', ') ?? 'none';
}
