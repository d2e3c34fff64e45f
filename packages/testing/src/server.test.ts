import { connect, httpTransport, isMcpError, McpClient } from '@toolwire/client-core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { untilTheEnd } from '../test-support/until-the-end.ts';
import { createTestServer, type TestServer } from './server.ts';

function calculator(era: 'both' | 'legacy' | 'modern' = 'both'): TestServer {
  return createTestServer({
    era,
    instructions: 'Adds',
    tools: {
      add: {
        inputSchema: z.object({ a: z.number(), b: z.number() }),
        handler: ({ a, b }) => {
          expectTypeOf(a).toEqualTypeOf<number>();
          return { sum: a + b };
        },
      },
      shout: {
        inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
        handler: ({ text }) => String(text).toUpperCase(),
      },
      fail: {
        handler: () => {
          throw new Error('out of paper');
        },
      },
      whole: { handler: () => ({ content: [{ type: 'text', text: 'as written' }], isError: true }) },
    },
    resources: {
      'config://settings': { theme: 'dark' },
      'note://today': () => 'sunny',
      'image://dot': new Uint8Array([1, 2, 3]),
    },
    prompts: { greet: { arguments: ['name'], handler: ({ name }) => `Greet ${name}` } },
  });
}

const wires = {
  memory: async (server: TestServer, protocolVersion: 'auto' | '2025-11-25') => server.connect({ protocolVersion }),
  http: async (server: TestServer, protocolVersion: 'auto' | '2025-11-25') =>
    connect((await server.listen()).url, { protocolVersion }),
};

describe.each(['memory', 'http'] as const)('over %s', (wire) => {
  it.each([
    { era: 'both', asked: 'auto', spoken: '2026-07-28' },
    { era: 'both', asked: '2025-11-25', spoken: '2025-11-25' },
    { era: 'legacy', asked: 'auto', spoken: '2025-11-25' },
    { era: 'modern', asked: 'auto', spoken: '2026-07-28' },
  ] as const)(
    'a server of era $era speaks $spoken to a client that asks for $asked',
    async ({ era, asked, spoken }) => {
      const server = untilTheEnd(calculator(era));
      const client = untilTheEnd(await wires[wire](server, asked));
      expect(client.server?.protocolVersion).toBe(spoken);
      expect((await client.callTool('add', { a: 2, b: 3 })).structured).toEqual({ sum: 5 });
      expect((await client.callTool('shout', { text: 'hey' })).text()).toBe('HEY');
      expect(await client.getResource('config://settings')).toEqual({ theme: 'dark' });
      expect(await client.getResource('note://today')).toBe('sunny');
      expect(await client.getResource('image://dot')).toEqual(new Uint8Array([1, 2, 3]));
      const { messages } = await client.getPrompt('greet', { name: 'Ada' });
      expect(messages[0]?.content).toMatchObject({ text: 'Greet Ada' });
      expect((await client.listTools()).map(({ name }) => name)).toEqual(['add', 'shout', 'fail', 'whole']);
      expect(server.toolCalls('add')).toEqual([{ a: 2, b: 3 }]);
      expect(server.calls.map(({ method }) => method)).toContain('resources/read');
    },
  );
});

it('a handler that throws, and one that says so, are failed results', async () => {
  const server = untilTheEnd(calculator());
  const client = untilTheEnd(await server.connect());
  const failed = await client.callTool('fail');
  expect([failed.isError, failed.text()]).toEqual([true, 'out of paper']);
  const whole = await client.callTool('whole');
  expect([whole.isError, whole.text()]).toEqual([true, 'as written']);
});

it('arguments that break the schema never reach the handler', async () => {
  const server = untilTheEnd(calculator());
  const client = untilTheEnd(await server.connect());
  const refused = await client.callTool('add', { a: 'two' }).catch((error: unknown) => error);
  expect(isMcpError(refused) || (refused as { isError: boolean }).isError).toBe(true);
});

it('a call keeps its _meta apart from its params', async () => {
  const server = untilTheEnd(calculator());
  const client = untilTheEnd(await server.connect());
  await client.callTool('shout', { text: 'a' }, { meta: { traceparent: 'trace' } });
  const call = server.calls.find(({ method }) => method === 'tools/call');
  expect(call).toMatchObject({ params: { name: 'shout', arguments: { text: 'a' } }, meta: { traceparent: 'trace' } });
  expect(call?.params).not.toHaveProperty('_meta');
});

it('forgets its sessions, and the client opens another', async () => {
  const server = untilTheEnd(calculator('legacy'));
  const { url } = await server.listen();
  const client = untilTheEnd(await connect(url));
  await server.forgetSessions();
  expect((await client.callTool('add', { a: 1, b: 1 })).structured).toEqual({ sum: 2 });
  expect(server.calls.filter(({ method }) => method === 'initialize')).toHaveLength(2);
});

it('a client in memory connects anew after its connection ended', async () => {
  const server = untilTheEnd(calculator());
  let transport = server.transport();
  const client = untilTheEnd(new McpClient(() => (transport = server.transport())));
  await client.callTool('shout', { text: 'a' });
  await transport.close();
  expect((await client.callTool('shout', { text: 'b' })).text()).toBe('B');
});

it('answers a request without any network', async () => {
  const server = untilTheEnd(calculator());
  const fetch: typeof globalThis.fetch = (input, init) => server.fetch(new Request(input, init));
  const client = untilTheEnd(await connect(() => httpTransport(new URL('http://nowhere.test/mcp'), { fetch })));
  expect((await client.callTool('shout', { text: 'near' })).text()).toBe('NEAR');
});

it('frees its port when it is closed, twice if need be', async () => {
  const server = calculator();
  const { url, close } = await server.listen();
  const client = await connect(url);
  await server.close();
  await close();
  await expect(fetch(url)).rejects.toThrow();
  await client.close();
});
