import assert from 'node:assert/strict';
import { isMcpError } from '@toolwire/client-core';
import { connectGateway, federate, GatewayClient } from '@toolwire/gateway-client';
import { startLandscape, token } from './gateways.ts';

await using landscape = await startLandscape();
const auth = { type: 'bearer', token } as const;

// One gateway: what it is is found out, and a server is registered with it.
await using east = await connectGateway(landscape.east.url, { auth });
const spec = {
  name: 'my-server',
  url: landscape.serverUrl,
  transport: 'http',
  authentication: { type: 'bearer', token: 'for-the-server-alone' },
} as const;
const server = await east.servers.register(spec);
console.log(`A gateway of the dialect ${east.dialect} has ${server.name}, which is ${server.state}`);
assert.equal((await east.serverHealth('my-server')).status, 'healthy');

const again: unknown = await east.servers.register(spec).catch((error: unknown) => error);
assert(isMcpError(again));
console.log(`Refused: ${again.message}`);

// The same in the words of the integration guides.
await using client = new GatewayClient({ url: landscape.east.url, token });
console.log(`Available servers: ${(await client.list_servers()).map(({ name }) => name).join(', ')}`);
const result = await client.call_tool({ server: 'my-server', tool: 'process_data', params: { input: 'test' } });
assert.deepEqual(result.json(), { processed: 'test' });

// Two gateways that share the server are one.
await using west = await connectGateway(landscape.west.url, { auth });
await using federation = federate(
  [
    { gateway: east, name: 'east', priority: 1 },
    { gateway: west, name: 'west' },
  ],
  { client: { trustAnnotations: true } }, // The tool says that calling it twice does no harm.
);
const outcomes = await federation.registerEverywhere(
  { name: 'my-server', url: landscape.serverUrl },
  { ifExists: 'return' },
);
assert(outcomes.every(({ status }) => status === 'registered'));
const tools = (await federation.listTools()).map(({ name }) => name);
console.log(`Tools: ${tools.join(', ')}`);
assert.deepEqual(tools, ['my-server/process_data']);

// One of them dies; the calls go on.
const inputs = Array.from({ length: 20 }, (_, index) => `item ${index}`);
for (const input of inputs) {
  if (input === 'item 10') await landscape.east.down();
  const answer = await federation.callTool('my-server/process_data', { input });
  assert.deepEqual(answer.json(), { processed: input });
}
assert(inputs.every((input) => landscape.processed.includes(input)));
const { east: dead, west: alive } = await federation.health();
console.log(`All ${inputs.length} processed; east is ${dead?.status}, west is ${alive?.status}`);
