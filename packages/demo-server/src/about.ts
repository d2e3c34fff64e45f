/** What the resource `demo://about` says. */
export const ABOUT = `# Toolwire demonstration server

Two sample tables, **users** and **orders**, in an SQLite database that lives in memory.

| try | what it shows |
|---|---|
| \`list_tables\`, \`get_table_schema\` | tools with structured results |
| \`execute_sql_query\` with \`SELECT COUNT(*) FROM users\` | a tool with an argument |
| \`execute_sql_query\` with \`DROP TABLE users\` | a tool's error result |
| \`count_slowly\` | progress and cancellation |
| \`demo://tables/{table_name}\` | a resource template with completion |
| \`explore_table\` | a prompt with an argument |

Reading only, unless the server was started with \`--writable\`; even then a change ends with the server.
One statement a call, for 5 seconds at most, with 1,000 rows at most.
`;
