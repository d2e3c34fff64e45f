import assert from 'node:assert/strict';
import { compareTools, isMcpError, lockTools, type Report } from '@toolwire/client-core';
import { shop } from './shop.ts';

// Monday: somebody looks at the tools, finds them good, and locks them.
await using honest = shop({ isTurned: false });
await using monday = await honest.connect();
const lock = await lockTools(await monday.listTools());
console.log(`Locked: ${lock.tools.map(({ name }) => name).join(', ')}`);

// Tuesday: the shop is another one.
await using turned = shop({ isTurned: true });
const warnings: string[] = [];
const onReport = ({ kind, message }: Report): void => {
  if (kind === 'tool-changed') warnings.push(message);
};
await using tuesday = await turned.connect({ toolLock: lock, onReport });

// What a model is shown is what was locked.
const shown = await tuesday.listTools();
assert.equal(shown.find(({ name }) => name === 'price')?.description, 'Finds the price of an item.');
assert.deepEqual(warnings, ['The tool price is not what it was (description, inputSchema.properties.note)']);
console.log(warnings[0]);

// What changed is not called, and the shop does not hear of it. The rest works as before.
const refusal: unknown = await tuesday.callTool('price', { item: 'tea' }).catch((error: unknown) => error);
assert(isMcpError(refusal) && refusal.code === 'tool-changed');
assert.deepEqual(turned.toolCalls('price'), []);
assert.equal((await tuesday.callTool('opening_hours')).text(), '9 to 5');

// What changed, field by field, for who decides whether to lock it again.
await using reviewer = await turned.connect();
const { added, removed, changed } = await compareTools(lock, await reviewer.listTools());
assert.deepEqual([added, removed], [[], []]);
for (const { name, changes } of changed) {
  for (const { path, before, after } of changes) console.log(`${name}.${path}:`, before, '→', after);
}
assert.deepEqual(
  changed.flatMap(({ changes }) => changes.map(({ path }) => path)),
  ['description', 'inputSchema.properties.note'],
);
