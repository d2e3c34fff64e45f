import { McpClient, type ClientOptions } from '@toolwire/client-core';
import { webSocketTransport, type WebSocketTransportOptions } from '@toolwire/client-ws';
import { faultProxy } from '@toolwire/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../e2e/eventually.ts';
import { seenBy } from '../e2e/subjects.ts';
import { startOfficialServer, type OfficialServer } from '../interop/official-server.ts';
import { rejectionOf } from './fault-server.ts';

const unknown = { code: 'delivery-unknown', delivered: 'unknown', retryable: true };

function clientOf(url: string, options: ClientOptions = {}, wire: WebSocketTransportOptions = {}): McpClient {
  // A server process may take its time to start again on a busy machine.
  return new McpClient(() => webSocketTransport(url, wire), { connectTimeoutMs: 30_000, ...options });
}

test.each(['v1', 'v2'] as const)(
  'row 30: a WebSocket whose server (%s) is killed is opened again, with subscriptions and log level',
  { timeout: 60_000 },
  async (sdk) => {
    const levels: string[] = [];
    const killed = await startOfficialServer(sdk);
    await using client = clientOf(killed.url, { onLog: ({ level }) => levels.push(level) });
    await client.setLogLevel('warning');
    await using subscription = await client.subscribe('config://settings');
    const changes: unknown[] = [];
    void (async () => {
      for await (const change of subscription) changes.push(change);
    })();
    const call = rejectionOf(client.callTool('slow', { label: 'killed', steps: 1, stepMs: 50_000 }));
    await eventually(async () => expect((await seenBy(client)).started).toContain('killed'));
    await killed.kill();
    expect(await call).toMatchObject({ ...unknown, cause: { code: 'connection-closed' } });
    const listing = client.listTools({ fresh: true }); // While nobody listens.
    await using server = await startOfficialServer(sdk, killed.port);
    expect(server.url).toBe(killed.url);
    expect((await listing).length).toBeGreaterThan(25);
    changes.length = 0;
    await eventually(async () => {
      await client.callTool('touch', { uri: 'config://settings' }); // Time and again: a stream may not be open yet.
      expect(changes).toContainEqual({ type: 'resource', uri: 'config://settings' });
    });
    await client.callTool('log');
    await eventually(() => expect(levels).toEqual(['warning', 'error']));
  },
);

describe('a WebSocket', () => {
  let server: OfficialServer;

  beforeAll(async () => {
    server = await startOfficialServer('v1');
  });
  afterAll(() => server.kill());

  test.each([true, 'answers'] as const)(
    'row 30: that is half-open (silence: %s) is found by its pings',
    async (silence) => {
      await using proxy = await faultProxy(server.url);
      await using client = clientOf(proxy.url, {}, { pingIntervalMs: 1000 });
      await client.connect();
      const call = rejectionOf(client.callTool('slow', { label: `unheard ${silence}`, steps: 1, stepMs: 30_000 }));
      await eventually(async () => expect((await seenBy(client)).started).toContain(`unheard ${silence}`));
      proxy.set({ silence });
      expect(await call).toMatchObject({ ...unknown, cause: { message: expect.stringContaining('pinged twice') } });
      proxy.set({});
      expect((await client.callTool('echo', { text: 'again' })).text()).toBe('again');
      expect(proxy.accepted).toBe(2);
    },
  );

  test('row 30: that nobody reads refuses more than 8 MiB, and what it took arrives once', async () => {
    await using proxy = await faultProxy(server.url);
    await using client = clientOf(proxy.url, { attempts: 1, timeoutMs: 20_000 });
    const before = await callsSeenBy(client);
    proxy.set({ silence: true });
    const text = 'x'.repeat(2 ** 20);
    const calls = Array.from({ length: 40 }, () =>
      client.callTool('echo', { text }).then(
        (result) => result.text().length,
        (error: unknown) => error,
      ),
    );
    const refused = rejectionOf(client.callTool('echo', { text }));
    expect(await refused).toMatchObject({
      code: 'queue-full',
      name: 'QueueFullError',
      delivered: 'no',
      retryable: true,
    });
    proxy.set({});
    const outcomes = await Promise.all(calls);
    const answered = outcomes.filter((outcome) => outcome === text.length);
    expect(answered.length).toBeGreaterThanOrEqual(8);
    for (const outcome of outcomes) if (outcome !== text.length) expect(outcome).toMatchObject({ code: 'queue-full' });
    expect((await callsSeenBy(client)) - before).toBe(answered.length + 1); // And the question itself.
  });

  test('row 30: that is cut again and again executes no call twice', async () => {
    await using proxy = await faultProxy(server.url);
    await using client = clientOf(proxy.url, { attempts: 5 });
    const outcomes: unknown[] = [];
    for (let index = 0; index < 40; index += 1) {
      const call = client.callTool('slow', { label: `call ${index}`, steps: 1, stepMs: 1, quiet: true });
      if (index % 3 === 0) setImmediate(() => proxy.reset());
      outcomes.push(
        await call.then(
          () => 'done',
          (error: unknown) => (error as { code: string }).code,
        ),
      );
    }
    expect(new Set(outcomes)).toEqual(new Set(['done', 'delivery-unknown']));
    const started = (await seenBy(client)).started.filter((label) => label.startsWith('call '));
    expect(new Set(started).size).toBe(started.length);
    expect(started.length).toBeGreaterThanOrEqual(outcomes.filter((outcome) => outcome === 'done').length);
  });

  test('row 14: whose server is down for a while is answered once it is back', async () => {
    await using proxy = await faultProxy(server.url);
    let isLost = false;
    await using client = clientOf(proxy.url, { onReport: ({ message }) => (isLost ||= /was lost/.test(message)) });
    await client.connect();
    await proxy.down();
    await eventually(() => expect(isLost).toBe(true)); // Until then a call would be of unknown fate.
    const call = client.callTool('slow', { label: 'once', steps: 1, stepMs: 1 });
    setTimeout(() => void proxy.up(), 1500);
    expect((await call).text()).toBe('once done');
    expect((await seenBy(client)).started.filter((label) => label === 'once')).toHaveLength(1);
  });
});

async function callsSeenBy(client: McpClient): Promise<number> {
  return (await seenBy(client)).methods.filter((method) => method === 'tools/call').length;
}
