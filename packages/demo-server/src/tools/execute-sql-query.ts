import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Database } from '../database.ts';
import { formatTable } from '../format-table.ts';
import { MAX_ROWS, type StatementResult } from '../run-statement.ts';

const READING = {
  description:
    'Runs one reading SQL statement (SELECT, WITH, VALUES or EXPLAIN, in the SQLite dialect) ' +
    `and returns at most ${MAX_ROWS} rows.`,
  annotations: { readOnlyHint: true, openWorldHint: false },
};

const WRITING = {
  description:
    'Runs one SQL statement (SQLite dialect) that reads or changes the data, which lives in memory only, ' +
    `and returns at most ${MAX_ROWS} rows.`,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
};

/** Adds `execute_sql_query(sql)`. */
export function addExecuteSqlQuery(server: McpServer, database: Database, writable: boolean): void {
  server.registerTool(
    'execute_sql_query',
    {
      title: 'Run an SQL query',
      ...(writable ? WRITING : READING),
      inputSchema: z.object({ sql: z.string().describe('One statement, for example SELECT COUNT(*) FROM users') }),
      outputSchema: z.object({
        columns: z.array(z.string()),
        rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))).describe('Values in the order of columns'),
        row_count: z.number().describe('How many rows are returned'),
        truncated: z.boolean().describe('Whether more rows were found than are returned'),
        changed_rows: z.number(),
      }),
    },
    async ({ sql }, { mcpReq: { signal } }) => {
      const result = await database.query(sql, signal);
      const { columns, rows, truncated, changedRows } = result;
      return {
        content: [{ type: 'text', text: toText(result) }],
        structuredContent: { columns, rows, row_count: rows.length, truncated, changed_rows: changedRows },
      };
    },
  );
}

function toText({ columns, rows, truncated, changedRows }: StatementResult): string {
  if (columns.length === 0) return `Done: ${count(changedRows)} changed, in memory only.`;
  const summary = truncated
    ? `(only the first ${count(rows.length)}; narrow the query with WHERE or LIMIT)`
    : `(${count(rows.length)})`;
  return `${formatTable(columns, rows)}\n${summary}`;
}

function count(rows: number): string {
  return `${rows.toLocaleString('en')} row${rows === 1 ? '' : 's'}`;
}
