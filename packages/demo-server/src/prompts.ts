import { completable, type McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { describeColumns, formatColumns } from './columns.ts';
import type { Database } from './database.ts';
import { completeTable, requireTable, tableNames } from './tables.ts';

/** Adds the prompt `explore_table(table_name)`. */
export function addPrompts(server: McpServer, database: Database): void {
  const tableName = z.string().describe('The table to look at, for example orders');
  server.registerPrompt(
    'explore_table',
    {
      title: 'Explore a table',
      description: 'Asks a model to find out what is interesting in one table.',
      argsSchema: z.object({ table_name: completable(tableName, (typed) => completeTable(database, typed)) }),
    },
    async ({ table_name }, { mcpReq: { signal } }) => {
      const table = requireTable(await tableNames(database, signal), table_name);
      const columns = await describeColumns(database, table, signal);
      const text =
        `Find out what is interesting in the table ${table}. Read it with the tool execute_sql_query, ` +
        `one SQLite SELECT a call, and sum up what you found in five lines.\n\n${formatColumns(columns)}`;
      return { messages: [{ role: 'user', content: { type: 'text', text } }] };
    },
  );
}
