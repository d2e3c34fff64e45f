import { connect } from '@toolwire/client-core';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { untilTheEnd } from '../test-support/until-the-end.ts';
import { mcpHandlers } from './msw.ts';
import { createTestServer } from './server.ts';

const url = 'https://api.example.com/mcp';
const server = createTestServer({ tools: { hello: { handler: ({ name }) => `Hello, ${String(name)}` } } });
const network = setupServer(
  ...mcpHandlers(url, server),
  http.all('*', () => HttpResponse.text('elsewhere')),
);
beforeAll(() => network.listen());
afterAll(async () => {
  network.close();
  await server.close();
});

it.each([
  { era: 'auto', by: 'fetch', fetch: globalThis.fetch.bind(globalThis) },
  { era: '2025-11-25', by: 'fetch', fetch: globalThis.fetch.bind(globalThis) },
  { era: 'auto', by: 'node:http', fetch: undefined },
  { era: '2025-11-25', by: 'node:http', fetch: undefined },
] as const)('a client that asks by $by for $era is answered at the network', async ({ era, fetch: bound }) => {
  const options = bound === undefined ? {} : { fetch: (...args: Parameters<typeof fetch>) => fetch(...args) };
  const client = untilTheEnd(await connect(url, { protocolVersion: era, ...options }));
  expect((await client.callTool('hello', { name: 'Ada' })).text()).toBe('Hello, Ada');
});

it('other addresses are not its business', async () => {
  const response = await fetch('https://api.example.com/other');
  expect(await response.text()).toBe('elsewhere');
});
