import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Database } from '../database.ts';
import { formatTable } from '../format-table.ts';
import { quoteName, quoteText, tableNames } from '../tables.ts';

/** Adds `list_tables()`. */
export function addListTables(server: McpServer, database: Database): void {
  server.registerTool(
    'list_tables',
    {
      title: 'List tables',
      description: 'Lists the tables of the database with their number of rows.',
      outputSchema: z.object({ tables: z.array(z.object({ name: z.string(), row_count: z.number() })) }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async ({ mcpReq: { signal } }) => {
      const names = await tableNames(database, signal);
      const { rows } = await database.query(countRows(names), signal);
      const tables = rows.map(([name, count]) => ({ name: String(name), row_count: Number(count) }));
      return {
        content: [{ type: 'text', text: formatTable(['table', 'rows'], rows) }],
        structuredContent: { tables },
      };
    },
  );
}

function countRows(names: readonly string[]): string {
  if (names.length === 0) return 'SELECT 0 WHERE FALSE';
  return names.map((name) => `SELECT ${quoteText(name)}, COUNT(*) FROM ${quoteName(name)}`).join(' UNION ALL ');
}
