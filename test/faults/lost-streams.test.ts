import { setTimeout as sleep } from 'node:timers/promises';
import { McpClient, type Change, type ConnectionStatus } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { eventually } from '../e2e/eventually.ts';
import { startHttpServer } from '../servers/launch.ts';
import { startRawHttpServer } from '../servers/raw-http-server.ts';
import { startMortalServer } from './counting-server.ts';
import { faultServer, legacyClient, pidFrom } from './fault-server.ts';

/** Collects what comes from now on. */
function collect<T>(from: AsyncIterable<T>): readonly T[] {
  const items: T[] = [];
  void (async () => {
    for await (const item of from) items.push(item);
  })();
  return items;
}

function resyncsIn(statuses: readonly ConnectionStatus[]): number {
  return statuses.filter(({ type }) => type === 'resync').length;
}

describe.concurrent('what a server says by itself', () => {
  test.each(['v1-server', 'v2-server'] as const)(
    'row 21: is heard again whenever its stream is lost, and what is held is read again (%s)',
    async (name) => {
      await using server = await startHttpServer(name);
      await using client = new McpClient(server.url);
      const statuses = collect(client.status());
      await client.listTools();
      await using subscription = await client.subscribe('config://settings');
      const changes: readonly Change[] = collect(subscription);
      for (const losses of [1, 2]) {
        const heard = changes.length;
        await server.control('_cut').catch(() => {}); // It cuts this request, too.
        await eventually(() => expect(resyncsIn(statuses)).toBe(losses));
        // What may have changed meanwhile is told as a change.
        await eventually(() => expect(changes.slice(heard)).toEqual([{ type: 'resource', uri: 'config://settings' }]));
        await client.callTool('touch', { uri: 'config://settings' });
        await eventually(() => expect(changes.length).toBe(heard + 2));
      }
      const { methods } = await server.seen();
      expect(methods.filter((method) => method === 'tools/list').length).toBeGreaterThanOrEqual(3);
    },
  );

  test.each([
    { name: 'HTTP, legacy era', args: ['--era', 'legacy'] },
    { name: 'HTTP, modern era', args: ['--era', 'modern'] },
  ])('row 21: is heard again when its server has restarted, without a call ($name)', async ({ args }) => {
    await using server = await startMortalServer(args);
    await using client = new McpClient(server.url);
    await client.subscribe('echo://any');
    const statuses = collect(client.status());
    await server.kill();
    await sleep(500);
    await server.start();
    await eventually(() => expect(resyncsIn(statuses)).toBe(1));
    expect(statuses.at(-1)?.type).toBe('resync');
  });

  test('row 21: is heard again when its process was killed, without a call', async () => {
    await using client = legacyClient(faultServer());
    const pid = await pidFrom(client, 'pid');
    await using subscription = await client.subscribe('count://');
    const changes = collect(subscription);
    const statuses = collect(client.status());
    process.kill(pid, 'SIGKILL');
    await eventually(() => expect(resyncsIn(statuses)).toBe(1));
    expect(statuses.map(({ type }) => type)).toEqual(['connected', 'reconnecting', 'connected', 'resync']);
    await client.callTool('notify', { count: 1 });
    await eventually(() => expect(changes).toContainEqual({ type: 'resource', uri: 'count://1' }));
  });

  test.each([400, 404, 405, 406, 501])('row 21: is not asked for again where there is none (%i)', async (status) => {
    await using server = await startRawHttpServer({
      GET: ({ response }) => void response.writeHead(status).end(),
      ping: ({ result }) => result({}),
    });
    await using client = legacyClient(server.url);
    await client.connect();
    await sleep(1500); // The first wait is at most 1 s.
    await client.ping();
    expect(server.requests.filter(({ http }) => http === 'GET')).toHaveLength(1);
  });
});
