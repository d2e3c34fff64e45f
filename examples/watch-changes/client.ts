import assert from 'node:assert/strict';
import { connect } from '@toolwire/client-core';
import { startServer } from './server.ts';

const kitchen = 'room://kitchen';

await using house = await startServer();
await using client = await connect(house.url);

assert.deepEqual(await showKitchen(), { degrees: 19 });
assert.deepEqual(await showTools(), ['close_window']);

const changes = await client.subscribe({ resources: [kitchen], tools: true });
console.log('Watching …');
house.warmTo(23);
house.learn('open_window');

setTimeout(() => assert.fail('not every change was told of'), 5000).unref();
const seen: string[] = [];
for await (const change of changes) {
  seen.push(change.type);
  if (change.type === 'resource') {
    console.log(`${change.uri} has changed:`);
    assert.deepEqual(await showKitchen(), { degrees: 23 });
  } else {
    console.log(`The ${change.type} have changed:`);
    assert.deepEqual(await showTools(), ['close_window', 'open_window']);
  }
  if (seen.length === 2) await changes.close(); // Ends the loop, and the server's interest in us.
}
assert.deepEqual(seen.toSorted(), ['resource', 'tools']);
console.log('No longer watching.');

async function showKitchen(): Promise<unknown> {
  const state = await client.getResource(kitchen);
  console.log(`  the kitchen is ${JSON.stringify(state)}`);
  return state;
}

async function showTools(): Promise<string[]> {
  const names = (await client.listTools()).map(({ name }) => name);
  console.log(`  the house can ${names.join(', ')}`);
  return names;
}
