import { connectGateway, federate } from '@toolwire/gateway-client';
import { createBridge } from '@toolwire/openai-bridge';
import { createTestServer } from '@toolwire/testing';
import { referenceGateway } from '@toolwire/testing/gateway';
import { expect, test } from 'vitest';

const name = 'a-server-with-a-name-that-is-as-long-as-names-of-servers-become';

test('a bridge offers the tools of a gateway, and of several as one, under names that a model API takes', async () => {
  await using upstream = createTestServer({
    tools: { process_data: { handler: ({ input }) => `got ${String(input)}` } },
  });
  await using server = await referenceGateway();
  await using gateway = await connectGateway(server.url);
  await gateway.servers.register({ name, url: (await upstream.listen()).url });
  await using federation = federate([{ gateway }]);
  for (const source of [gateway, federation]) {
    const bridge = createBridge(source);
    const [tool] = await bridge.tools('chat');
    const offered = tool?.function.name ?? '';
    expect(offered).toMatch(/^[\w-]{1,64}$/);
    const call = { id: '1', type: 'function' as const, function: { name: offered, arguments: '{"input":"data"}' } };
    expect(await bridge.execute([call])).toMatchObject([{ role: 'tool', content: 'got data' }]);
  }
});
