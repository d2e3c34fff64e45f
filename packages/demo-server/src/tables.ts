import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { Database } from './database.ts';

/** The names of all tables, in alphabetical order. */
export async function tableNames(database: Database, signal?: AbortSignal): Promise<string[]> {
  const { rows } = await database.query(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    signal,
  );
  return rows.map(([name]) => String(name));
}

/** The table that `wanted` names, in any case; throws what `toError` makes of a message that lists the tables. */
export function requireTable(
  names: readonly string[],
  wanted: string,
  toError: (message: string) => Error = (message) => new ProtocolError(ProtocolErrorCode.InvalidParams, message),
): string {
  const found = names.find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (found === undefined) throw toError(`There is no table ${JSON.stringify(wanted)}. Tables: ${names.join(', ')}.`);
  return found;
}

/** The names that begin with what a user has typed so far, for completion. */
export async function completeTable(database: Database, typed: string): Promise<string[]> {
  const names = await tableNames(database);
  return names.filter((name) => name.toLowerCase().startsWith(typed.toLowerCase()));
}

/** `name` as an SQL identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `text` as an SQL string. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
