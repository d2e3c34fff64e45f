import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { describeColumns, formatColumns } from '../columns.ts';
import type { Database } from '../database.ts';
import { requireTable, tableNames } from '../tables.ts';

/** Adds `get_table_schema(table_name)`. */
export function addGetTableSchema(server: McpServer, database: Database): void {
  server.registerTool(
    'get_table_schema',
    {
      title: 'Describe a table',
      description: 'Describes the columns of one table: type, whether NULL is allowed, keys and default.',
      inputSchema: z.object({ table_name: z.string().describe('A table that list_tables names, for example orders') }),
      outputSchema: z.object({
        table: z.string(),
        columns: z.array(
          z.object({
            name: z.string(),
            type: z.string(),
            nullable: z.boolean(),
            primary_key: z.boolean(),
            default: z.string().nullable().describe('An SQL expression'),
            references: z.string().nullable().describe('Where a foreign key points: table.column'),
          }),
        ),
      }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async ({ table_name }, { mcpReq: { signal } }) => {
      const table = requireTable(await tableNames(database, signal), table_name);
      const columns = await describeColumns(database, table, signal);
      return {
        content: [{ type: 'text', text: formatColumns(columns) }],
        structuredContent: { table, columns },
      };
    },
  );
}
