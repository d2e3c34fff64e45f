import assert from 'node:assert/strict';
import { connect } from '@toolwire/client-core';
import { createTestServer, faultProxy, recordTransport, replayTransport } from '@toolwire/testing';
import { totalPrice } from './prices.ts';

await using server = createTestServer({
  tools: { price: { handler: ({ item }) => String(String(item).length) } },
});

console.log('In memory: the total, and what the server was asked');
const { transport, recording } = recordTransport(server.transport());
{
  await using client = await connect(transport);
  assert.equal(await totalPrice(client, ['tea', 'milk']), 7);
  assert.deepEqual(server.toolCalls('price'), [{ item: 'tea' }, { item: 'milk' }]);
}

console.log('Over a network that is down, and up again');
{
  const { url } = await server.listen();
  await using proxy = await faultProxy(url, { latencyMs: 5, sliceBytes: [1, 50] });
  await using client = await connect(proxy.url);
  assert.equal(await totalPrice(client, ['tea']), 3);

  proxy.set({ resetAfterBytes: 0 });
  assert.equal(await totalPrice(client, ['tea']), 'unknown');

  proxy.set({});
  assert.equal(await totalPrice(client, ['tea', 'milk']), 7);
}

console.log('From the recording, without the server');
{
  await using client = await connect(replayTransport(JSON.parse(JSON.stringify(recording))));
  assert.equal(await totalPrice(client, ['milk', 'tea']), 7);
  assert.equal(await totalPrice(client, ['caviar']), 'unknown');
}
