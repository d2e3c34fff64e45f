import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { WebSocketClientTransport } from '@modelcontextprotocol/sdk/client/websocket.js';
import { Client, type Transport as OfficialTransport } from '@modelcontextprotocol/client';
import { connect, McpClient, type ClientOptions } from '@toolwire/client-core';
import { webSocketTransport } from '@toolwire/client-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../e2e/eventually.ts';
import { seenBy } from '../e2e/subjects.ts';
import { startOfficialServer, type OfficialServer } from './official-server.ts';

describe.each([
  { sdk: 'v1', revision: '2025-11-25' },
  { sdk: 'v2', revision: '2026-07-28' },
] as const)('over WebSocket, a server of the official SDK $sdk', ({ sdk, revision }) => {
  let server: OfficialServer;

  beforeAll(async () => {
    server = await startOfficialServer(sdk);
  });
  afterAll(() => server.kill());

  const clientOf = (options?: ClientOptions): McpClient => new McpClient(() => webSocketTransport(server.url), options);

  test(`speaks ${revision}`, async () => {
    await using client = clientOf();
    expect(await client.connect()).toMatchObject({ name: `${sdk} over WebSocket`, protocolVersion: revision });
  });

  test('is reached by its URL alone', async () => {
    await using client = await connect(server.url, { apiKey: 'key' });
    expect((await client.callTool('echo', { text: 'plain' })).text()).toBe('plain');
  });

  test('lists and calls its tools', async () => {
    await using client = clientOf();
    expect((await client.listTools()).map(({ name }) => name)).toContain('add');
    expect((await client.callTool('echo', { text: 'naïve ✓' })).text()).toBe('naïve ✓');
    expect((await client.callTool('fail')).isError).toBe(true);
    expect((await client.callTool('big', { size: 2 ** 22 })).text()).toHaveLength(2 ** 22);
  });

  test('keeps many calls apart', async () => {
    await using client = clientOf();
    const words = Array.from({ length: 200 }, (_, index) => `word ${index}`);
    const results = await Promise.all(words.map((text) => client.callTool('echo', { text })));
    expect(results.map((result) => result.text())).toEqual(words);
  });

  test('reports progress', async () => {
    const steps: number[] = [];
    await using client = clientOf();
    const onProgress = ({ progress }: { progress: number }): void => void steps.push(progress);
    await client.callTool('slow', { label: 'progress', steps: 3, stepMs: 5 }, { onProgress });
    expect(steps).toEqual([1, 2, 3]);
  });

  test('is told of a cancelled call', async () => {
    await using client = clientOf();
    const controller = new AbortController();
    const label = 'to be cancelled';
    const args = { label, steps: 1, stepMs: 30_000, quiet: true };
    const call = client.callTool('slow', args, { signal: controller.signal }).catch((error: unknown) => error);
    await eventually(async () => expect((await seenBy(client)).started).toContain(label));
    controller.abort();
    expect(await call).toBe(controller.signal.reason);
    await eventually(async () => expect((await seenBy(client)).cancelled).toContain(label));
  });

  test('asks the user', async () => {
    const content = { name: 'Ada', proceed: true };
    await using client = clientOf({ handlers: { elicitation: () => ({ action: 'accept', content }) } });
    expect((await client.callTool('confirm')).json()).toEqual({ action: 'accept', content });
  });

  test('logs at the level that was asked for', async () => {
    const levels: string[] = [];
    await using client = clientOf({ onLog: ({ level }) => levels.push(level) });
    await client.setLogLevel('warning');
    await client.callTool('log');
    await eventually(() => expect(levels).toEqual(['warning', 'error']));
  });

  test('tells of changes', async () => {
    await using client = clientOf();
    await using subscription = await client.subscribe({ resources: ['config://settings'], tools: true });
    const changes = subscription[Symbol.asyncIterator]();
    await client.callTool('touch', { uri: 'config://settings' });
    expect((await changes.next()).value).toEqual({ type: 'resource', uri: 'config://settings' });
    await client.callTool('grow', { list: 'tools' });
    expect((await changes.next()).value).toEqual({ type: 'tools' });
  });

  test('is heard by the official Client too', async () => {
    const mode = revision === '2026-07-28' ? { pin: revision } : ('legacy' as const);
    const client = new Client(
      { name: 'official', version: '1' },
      { capabilities: { elicitation: {} }, versionNegotiation: { mode } },
    );
    client.setRequestHandler('elicitation/create', () => ({
      action: 'accept',
      content: { name: 'Ada', proceed: true },
    }));
    const transport: OfficialTransport = webSocketTransport(server.url);
    await client.connect(transport);
    expect(client.getNegotiatedProtocolVersion()).toBe(revision);
    expect((await client.listTools()).tools.length).toBeGreaterThan(25);
    const steps: number[] = [];
    const onprogress = ({ progress }: { progress: number }): void => void steps.push(progress);
    await client.callTool({ name: 'slow', arguments: { label: 'a', steps: 3, stepMs: 20 } }, { onprogress });
    expect(steps.slice(0, 2)).toEqual([1, 2]);
    const confirmed = await client.callTool({ name: 'confirm', arguments: {} });
    expect(confirmed.content).toMatchObject([{ text: expect.stringContaining('accept') }]);
    const slow = { name: 'slow', arguments: { label: 'b', steps: 1, stepMs: 30_000 } };
    await expect(client.callTool(slow, { signal: AbortSignal.timeout(100) })).rejects.toThrow(/timeout/i);
    await client.close();
  });
});

test("the server's end is understood by the WebSocket client of the official SDK v1", async () => {
  await using server = await startOfficialServer('v1');
  const client = new V1Client({ name: 'official v1', version: '1' });
  await client.connect(new WebSocketClientTransport(new URL(server.url)));
  const { content } = await client.callTool({ name: 'echo', arguments: { text: 'hi' } });
  expect(content).toEqual([{ type: 'text', text: 'hi' }]);
  await client.close();
});
