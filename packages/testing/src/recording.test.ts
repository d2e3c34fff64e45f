import { connect, httpTransport, McpClient, type ProtocolVersion } from '@toolwire/client-core';
import { expect, it } from 'vitest';
import { recordTransport, type Recording } from './recording.ts';
import { replayTransport } from './replay.ts';
import { untilTheEnd } from '../test-support/until-the-end.ts';
import { createTestServer, type TestServer } from './server.ts';

function shop(): TestServer {
  return createTestServer({
    tools: {
      price: { handler: ({ item }) => ({ item, price: String(item).length }) },
      count: {
        handler: async (_, { mcpReq }) => {
          const progressToken = mcpReq._meta?.progressToken;
          for (const progress of [1, 2]) {
            if (progressToken === undefined) break;
            await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress } });
          }
          return 'counted';
        },
      },
      ask: {
        handler: async (_, { mcpReq }) => {
          const answer = await mcpReq.elicitInput({
            message: 'Name?',
            requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
          });
          return `Hello, ${String(answer.content?.['name'])}`;
        },
      },
    },
  });
}

const handlers = { elicitation: () => ({ action: 'accept' as const, content: { name: 'Ada' } }) };

/** Runs a conversation against a real server, then returns what was recorded of it, as a file would hold it. */
async function record(
  talk: (client: McpClient) => Promise<unknown>,
  protocolVersion: ProtocolVersion | 'auto' = 'auto',
  overHttp = false,
): Promise<Recording> {
  const server = untilTheEnd(shop());
  const wire = overHttp ? httpTransport(new URL((await server.listen()).url)) : server.transport();
  const { transport, recording } = recordTransport(wire);
  const client = untilTheEnd(await connect(transport, { protocolVersion, handlers }));
  await talk(client);
  return JSON.parse(JSON.stringify(recording));
}

it.each([
  { version: 'auto', wire: 'memory' },
  { version: '2025-11-25', wire: 'memory' },
  { version: 'auto', wire: 'http' },
  { version: '2025-11-25', wire: 'http' },
] as const)('$version over $wire: a replay answers as the server did, whatever the ids', async ({ version, wire }) => {
  const talk = async (client: McpClient): Promise<unknown[]> => {
    const progress: number[] = [];
    const tools = await client.listTools();
    const [tea, coffee] = await Promise.all(['tea', 'coffee'].map((item) => client.callTool('price', { item })));
    const counted = await client.callTool('count', {}, { onProgress: (step) => progress.push(step.progress) });
    return [tools.map(({ name }) => name), tea?.structured, coffee?.structured, counted.text(), progress];
  };
  let expected: unknown[] = [];
  const recording = await record(async (client) => (expected = await talk(client)), version, wire === 'http');
  expect(expected.at(-1)).toEqual([1, 2]);

  const client = untilTheEnd(await connect(replayTransport(recording), { protocolVersion: version, handlers }));
  expect(await talk(client)).toEqual(expected);
});

it('a replay asks what the server asked, and answers after the client has', async () => {
  const recording = await record((client) => client.callTool('ask'), '2025-11-25');
  const client = untilTheEnd(await connect(replayTransport(recording), { protocolVersion: '2025-11-25', handlers }));
  expect((await client.callTool('ask')).text()).toBe('Hello, Ada');
});

it('calls in another order get their own answers', async () => {
  const recording = await record(async (client) => {
    await client.callTool('price', { item: 'tea' });
    await client.callTool('price', { item: 'coffee' });
  });
  const client = untilTheEnd(await connect(replayTransport(recording)));
  expect((await client.callTool('price', { item: 'coffee' })).structured).toEqual({ item: 'coffee', price: 6 });
  expect((await client.callTool('price', { item: 'tea' })).structured).toEqual({ item: 'tea', price: 3 });
});

it.each([
  { asks: 'other arguments', item: 'milk', message: /tools\/call .*milk.* was not recorded/ },
  { asks: 'the same once more', item: 'tea', message: /tools\/call .*tea.* was recorded fewer times/ },
])('an error says what the client asks beyond the recording: $asks', async ({ item, message }) => {
  const recording = await record((client) => client.callTool('price', { item: 'tea' }));
  const client = untilTheEnd(await connect(replayTransport(recording)));
  await client.callTool('price', { item: 'tea' });
  await expect(client.callTool('price', { item })).rejects.toMatchObject({
    code: 'protocol-error',
    message: expect.stringMatching(message),
  });
});

it('a recording can be replayed more than once, in the clients that a program opens', async () => {
  const recording = await record((client) => client.callTool('price', { item: 'tea' }));
  const client = untilTheEnd(new McpClient(() => replayTransport(recording)));
  expect((await client.callTool('price', { item: 'tea' })).structured).toEqual({ item: 'tea', price: 3 });
  const another = untilTheEnd(new McpClient(() => replayTransport(recording)));
  expect((await another.callTool('price', { item: 'tea' })).structured).toEqual({ item: 'tea', price: 3 });
});
