import assert from 'node:assert/strict';
import { connect, loadConfig } from '@toolwire/client-core';

const { demo } = await loadConfig('server_config.json');
assert(demo, 'server_config.json names no server "demo"');

await using client = await connect(demo);

const tools = await client.listTools();
console.log(`Tools: ${tools.map(({ name }) => name).join(', ')}`);

const result = await client.callTool('execute_sql_query', { sql: 'SELECT COUNT(*) FROM users' });
assert(!result.isError, result.text());
console.log(`Users: ${result.text()}`);

const [resource] = await client.listResources();
assert(resource, 'the server offers no resource');
console.log(`${resource.uri}:`, await client.getResource(resource.uri));
