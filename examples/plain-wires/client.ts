import assert from 'node:assert/strict';
import { connect, type Target } from '@toolwire/client-core';
import { subscribeEvents } from '@toolwire/client-core/events';
import { startServer } from './server.ts';

await using station = await startServer();

const wires: readonly [string, Target][] = [
  // A POST to /sse is answered with 404: the client finds out that this server knows only HTTP+SSE.
  ['HTTP+SSE', `${station.url}/sse`],
  ['single POST', { url: `${station.url}/rpc`, transport: 'post' }],
  ['REST', { url: `${station.url}/api`, transport: 'rest' }],
];

for (const [wire, target] of wires) {
  await using client = await connect(target);
  const tools = await client.listTools();
  assert.deepEqual(
    tools.map(({ name }) => name),
    ['temperature'],
  );
  const result = await client.callTool('temperature', { city: 'Oslo' });
  assert.deepEqual(result.json(), { degrees: -4 });
  console.log(`${wire}: ${client.server?.name} says ${result.text()}`);
}

await using rest = await connect({ url: `${station.url}/api`, transport: 'rest' });
await assert.rejects(rest.listResources(), { code: 'unsupported-capability', delivered: 'no' });
console.log('REST has no resources, and nothing was sent to find out');

setTimeout(() => assert.fail('not every reading was heard of'), 5000).unref();
station.announce({ city: 'Oslo', degrees: -5 });
const heard: string[] = [];
for await (const { id, json } of subscribeEvents(`${station.url}/events`, { lastEventId: '0' })) {
  const { city, degrees } = json() as { city: string; degrees: number };
  console.log(`event ${id}: ${city} ${degrees}`);
  heard.push(city);
  if (heard.length === 1) {
    station.dropListeners(); // What is announced meanwhile comes with the next stream.
    station.announce({ city: 'Lima', degrees: 22 });
  }
  if (heard.length === 2) break;
}
assert.deepEqual(heard, ['Oslo', 'Lima']);
