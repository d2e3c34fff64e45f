import { McpServer } from '@modelcontextprotocol/server';
import { type DemoServerOptions, openDatabase } from './database.ts';
import { addPrompts } from './prompts.ts';
import { addResources } from './resources.ts';
import { addCountSlowly } from './tools/count-slowly.ts';
import { addExecuteSqlQuery } from './tools/execute-sql-query.ts';
import { addGetTableSchema } from './tools/get-table-schema.ts';
import { addListTables } from './tools/list-tables.ts';
import { version } from './version.ts';

const INSTRUCTIONS =
  'SQL over two sample tables, users and orders. list_tables and get_table_schema show what is there, ' +
  'execute_sql_query reads it in the SQLite dialect, demo://about says the rest.';

/** Builds an MCP server over a fresh sample database, ready for `connect(transport)`; closing it closes the database. */
export function createDemoServer(options: DemoServerOptions = {}): McpServer {
  const { writable = false } = options;
  const server = new McpServer(
    { name: 'toolwire-demo', title: 'Toolwire demonstration', version: version() },
    {
      instructions: INSTRUCTIONS,
      capabilities: {
        tools: { listChanged: false },
        resources: { listChanged: false },
        prompts: { listChanged: false },
      },
    },
  );
  const database = openDatabase(options);
  addListTables(server, database);
  addGetTableSchema(server, database);
  addExecuteSqlQuery(server, database, writable);
  addCountSlowly(server);
  addResources(server, database);
  addPrompts(server, database);
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the protocol package has callbacks, not events
  server.server.onclose = () => void database.close();
  return server;
}
