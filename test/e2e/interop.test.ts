import {
  Client,
  InMemoryTransport,
  StreamableHTTPClientTransport,
  type Transport as OfficialTransport,
} from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { fromJsonSchema, McpServer, type Transport as ServerTransport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { httpTransport, McpClient, memoryTransportPair, stdioTransport } from '@toolwire/client-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHttpServer, stdioServer, type HttpServer } from '../servers/launch.ts';

type ServerName = 'v1-server' | 'v2-server';
const servers: readonly { name: ServerName; revision: string }[] = [
  { name: 'v1-server', revision: '2025-11-25' },
  { name: 'v2-server', revision: '2026-07-28' },
];
const https = new Map<ServerName, HttpServer>();

beforeAll(async () => {
  for (const { name } of servers) https.set(name, await startHttpServer(name));
});
afterAll(async () => {
  for (const server of https.values()) await server.close();
});

function urlOf(name: ServerName): URL {
  return new URL(https.get(name)?.url ?? '');
}

function commandOf(name: ServerName): { command: string; args: string[] } {
  const { command, args = [] } = stdioServer(name);
  return { command, args: [...args] };
}

/** A small server in this process, for wires that live in memory. */
function serveInMemory(transport: ServerTransport): void {
  serveStdio(
    () => {
      const server = new McpServer({ name: 'in-memory', version: '1' }, { capabilities: { tools: {} } });
      const inputSchema = fromJsonSchema<{ text: string }>({
        type: 'object',
        properties: { text: { type: 'string' } },
      });
      server.registerTool('echo', { inputSchema }, ({ text }) => ({ content: [{ type: 'text', text }] }));
      return server;
    },
    { transport },
  );
}

describe.each(servers)('official transports under McpClient, with the $name', ({ name, revision }) => {
  const handlers = {
    roots: [{ uri: 'file:///tmp' }],
    sampling: async () => ({ role: 'assistant' as const, model: 'm', content: { type: 'text' as const, text: 'ok' } }),
  };

  test.each([
    { wire: 'StdioClientTransport', open: () => new StdioClientTransport(commandOf(name)) },
    { wire: 'StreamableHTTPClientTransport', open: () => new StreamableHTTPClientTransport(urlOf(name)) },
  ])('$wire carries calls, progress, questions and cancellation', async ({ open }) => {
    await using client = new McpClient(open, { handlers });
    expect(await client.connect()).toMatchObject({ protocolVersion: revision });
    expect((await client.listTools()).length).toBeGreaterThan(25);
    expect((await client.callTool('echo', { text: 'hi' })).text()).toBe('hi');
    const steps: number[] = [];
    const onProgress = ({ progress }: { progress: number }): void => void steps.push(progress);
    await client.callTool('slow', { label: 'a', steps: 3, stepMs: 5 }, { onProgress });
    expect(steps).toEqual([1, 2, 3]);
    expect((await client.callTool('roots')).json()).toEqual({ roots: [{ uri: 'file:///tmp' }] });
    const signal = AbortSignal.timeout(100);
    const slow = client.callTool('slow', { label: 'b', steps: 1, stepMs: 30_000 }, { signal });
    await expect(slow).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(client.callTool('nothing')).rejects.toMatchObject({ code: 'protocol-error' });
  });

  test('a transport object is used as it is', async () => {
    await using client = new McpClient(new StreamableHTTPClientTransport(urlOf(name)));
    expect((await client.callTool('echo', { text: 'once' })).text()).toBe('once');
  });
});

test('the official in-memory transport carries calls under McpClient', async () => {
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  serveInMemory(theirs);
  await using client = new McpClient(ours);
  expect(await client.connect()).toMatchObject({ name: 'in-memory', protocolVersion: '2026-07-28' });
  expect((await client.callTool('echo', { text: 'hi' })).text()).toBe('hi');
});

test('a session that an official transport lost is opened again', async () => {
  await using server = await startHttpServer('v1-server');
  await using client = new McpClient(() => new StreamableHTTPClientTransport(new URL(server.url)));
  await client.connect();
  await server.control('_forget');
  expect((await client.callTool('echo', { text: 'again' })).text()).toBe('again');
});

describe.each([
  { mode: 'legacy' as const, revision: '2025-11-25', name: 'v1-server' as const },
  { mode: { pin: '2026-07-28' }, revision: '2026-07-28', name: 'v2-server' as const },
])('our transports under the official Client, at $revision', ({ mode, revision, name }) => {
  async function connected(transport: OfficialTransport): Promise<Client> {
    const client = new Client(
      { name: 'official', version: '1' },
      { capabilities: { roots: {} }, versionNegotiation: { mode } },
    );
    client.setRequestHandler('roots/list', () => ({ roots: [{ uri: 'file:///tmp' }] }));
    await client.connect(transport);
    return client;
  }

  test.each([
    { wire: 'stdioTransport', open: () => stdioTransport(commandOf(name)) },
    { wire: 'httpTransport', open: () => httpTransport(urlOf(name)) },
  ])('$wire carries calls, progress, questions and cancellation', async ({ open }) => {
    const client = await connected(open());
    expect(client.getNegotiatedProtocolVersion()).toBe(revision);
    expect((await client.listTools()).tools.length).toBeGreaterThan(25);
    const echoed = await client.callTool({ name: 'echo', arguments: { text: 'hi' } });
    expect(echoed.content).toEqual([{ type: 'text', text: 'hi' }]);
    const steps: number[] = [];
    const onprogress = ({ progress }: { progress: number }): void => void steps.push(progress);
    await client.callTool({ name: 'slow', arguments: { label: 'a', steps: 3, stepMs: 20 } }, { onprogress });
    expect(steps.slice(0, 2)).toEqual([1, 2]);
    const roots = await client.callTool({ name: 'roots' });
    expect(roots.content).toEqual([{ type: 'text', text: '{"roots":[{"uri":"file:///tmp"}]}' }]);
    const slow = { name: 'slow', arguments: { label: 'b', steps: 1, stepMs: 30_000 } };
    await expect(client.callTool(slow, { signal: AbortSignal.timeout(100) })).rejects.toThrow(/timeout/i);
    await client.close();
  });

  test('memoryTransportPair carries calls', async () => {
    const [ours, theirs] = memoryTransportPair();
    serveInMemory(theirs);
    const client = await connected(ours);
    const echoed = await client.callTool({ name: 'echo', arguments: { text: 'hi' } });
    expect(echoed.content).toEqual([{ type: 'text', text: 'hi' }]);
    await client.close();
  });
});
