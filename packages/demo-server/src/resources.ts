import { type McpServer, ResourceNotFoundError, ResourceTemplate } from '@modelcontextprotocol/server';
import { ABOUT } from './about.ts';
import type { Database } from './database.ts';
import { completeTable, quoteName, requireTable, tableNames } from './tables.ts';

/** Adds the resource `demo://about` and the template `demo://tables/{table_name}`. */
export function addResources(server: McpServer, database: Database): void {
  server.registerResource(
    'about',
    'demo://about',
    { title: 'About this server', description: 'What there is to try.', mimeType: 'text/markdown' },
    (uri) => ({ contents: [{ uri: uri.href, mimeType: 'text/markdown', text: ABOUT }] }),
  );

  const template = new ResourceTemplate('demo://tables/{table_name}', {
    list: async ({ mcpReq: { signal } }) => ({
      resources: (await tableNames(database, signal)).map((name) => ({
        uri: `demo://tables/${encodeURIComponent(name)}`,
        name,
        title: `Table ${name}`,
      })),
    }),
    complete: { table_name: (typed) => completeTable(database, typed) },
  });
  server.registerResource(
    'table',
    template,
    { title: 'Rows of a table', description: 'A table as a JSON array of objects.', mimeType: 'application/json' },
    async (uri, variables, { mcpReq: { signal } }) => {
      const wanted = decodeURIComponent(String(variables['table_name']));
      const notFound = (message: string): Error => new ResourceNotFoundError(uri.href, message);
      const table = requireTable(await tableNames(database, signal), wanted, notFound);
      const { columns, rows, truncated } = await database.query(`SELECT * FROM ${quoteName(table)}`, signal);
      if (truncated) throw new Error(`${table} is too large to read whole. Use execute_sql_query with LIMIT.`);
      const objects = rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
      return { contents: [{ uri: uri.href, mimeType: 'application/json', text: JSON.stringify(objects, null, 2) }] };
    },
  );
}
