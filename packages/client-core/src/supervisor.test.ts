import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { refusal, scriptedServer, silence, type Script, type ScriptedServer } from '../test-support/scripted-server.ts';
import { McpClient } from './client.ts';
import type { ClientOptions } from './client-options.ts';
import { ServerExitedError, SessionLostError } from './errors.ts';
import type { ConnectionStatus } from './status.ts';
import type { Transport } from './transport.ts';

const clients: McpClient[] = [];

beforeEach(() => void vi.useFakeTimers());

afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const client of clients.splice(0)) await client.close();
});

const watched: Script = { answers: { 'resources/subscribe': () => ({}), 'tools/list': () => ({ tools: [] }) } };

/** Acknowledges every subscription, and says no more. */
const listening: Script = {
  era: 'modern',
  answers: {
    'subscriptions/listen': ({ notifications }, { connection }) => {
      void connection.peer.notify('notifications/subscriptions/acknowledged', { notifications });
      return new Promise(() => {});
    },
  },
};

interface Started {
  client: McpClient;
  server: ScriptedServer;
  statuses: ConnectionStatus[];
  /** While true, no connection can be opened. */
  down: { is: boolean };
}

function started(script: Script, options: ClientOptions = {}): Started {
  const server = scriptedServer(script);
  const down = { is: false };
  const statuses: ConnectionStatus[] = [];
  const open = (): Transport => {
    if (down.is) throw new Error('nothing listens');
    return server.open();
  };
  const client = new McpClient(open, { protocolVersion: '2025-11-25', ...options });
  clients.push(client);
  void (async () => {
    for await (const status of client.status()) statuses.push(status);
  })();
  return { client, server, statuses, down };
}

describe('a connection that is lost', () => {
  test('is opened again without a call when somebody listens, ever more rarely, for as long as it takes', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1); // The longest waits.
    const { client, server, statuses, down } = started(watched);
    await client.subscribe('a');
    await client.listTools();
    down.is = true;
    await server.connections[0]?.peer.close();
    await vi.advanceTimersByTimeAsync(150_000);
    const waits = statuses.flatMap((status) => (status.type === 'reconnecting' ? [status.delayMs] : []));
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000]);
    down.is = false;
    statuses.length = 0;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(statuses.map(({ type }) => type).filter((type) => type !== 'reconnecting')).toEqual(['connected', 'resync']);
    expect(server.received.filter(({ connection }) => connection === 2).map(({ method }) => method)).toEqual([
      'initialize',
      'notifications/initialized',
      'resources/subscribe',
      'tools/list', // It was listed before, and may have changed.
    ]);
  });

  test('waits for the next call when nobody listens', async () => {
    const { client, server } = started(watched);
    await client.listTools();
    await server.connections[0]?.peer.close();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(server.connections).toHaveLength(1);
  });

  test('is opened again in haste only after it has lived for a while', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const { client, server, statuses } = started(watched);
    await client.subscribe('a');
    for (const lifeMs of [0, 0, 6000]) {
      await vi.advanceTimersByTimeAsync(lifeMs);
      await server.connections.at(-1)?.peer.close();
      await vi.advanceTimersByTimeAsync(4000);
    }
    const waits = statuses.flatMap((status) => (status.type === 'reconnecting' ? [status.delayMs] : []));
    expect(waits).toEqual([1000, 2000, 1000]);
  });

  test('is left alone when the server crashes again and again, until connect() is called', async () => {
    const crash = new ServerExitedError('exited with code 3', { exitCode: 3, signal: null, stderrTail: '' });
    const server = scriptedServer(watched);
    const statuses: ConnectionStatus[] = [];
    let starts = 0;
    let isCrashing = true;
    const client = new McpClient(
      () => Object.assign(server.open(), starts++ > 0 && isCrashing && { start: () => Promise.reject(crash) }),
      { protocolVersion: '2025-11-25' },
    );
    clients.push(client);
    void (async () => {
      for await (const status of client.status()) statuses.push(status);
    })();
    await client.subscribe('a');
    await server.connections[0]?.peer.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(starts).toBe(6); // The first lived; then five crashes.
    expect(statuses.at(-1)).toMatchObject({ type: 'closed', reason: { code: 'crash-loop', cause: { exitCode: 3 } } });
    await expect(client.listTools()).rejects.toMatchObject({ code: 'crash-loop', delivered: 'no', retryable: false });
    expect(starts).toBe(6);
    isCrashing = false;
    await client.connect();
    expect(starts).toBe(7);
    expect(await client.listTools()).toEqual([]);
  });

  test.each(['legacy', 'modern'] as const)('is given up: whoever listens is told why (%s)', async (era) => {
    const crash = new ServerExitedError('exited with code 3', { exitCode: 3, signal: null, stderrTail: '' });
    const server = scriptedServer(era === 'legacy' ? watched : listening);
    let starts = 0;
    const client = new McpClient(() =>
      Object.assign(server.open(), starts++ > 0 && { start: () => Promise.reject(crash) }),
    );
    clients.push(client);
    const subscriptions = [await client.subscribe('a'), await client.subscribe('b')];
    const ends = subscriptions.map((changes) =>
      expect(Array.fromAsync(changes)).rejects.toMatchObject({ code: 'crash-loop' }),
    );
    await server.connections[0]?.peer.close();
    await vi.advanceTimersByTimeAsync(60_000);
    await Promise.all(ends);
    for (const changes of subscriptions) await changes.close();
  });
});

describe('keepAliveMs', () => {
  test('pings a connection that is not used', async () => {
    const { client, server } = started(watched, { keepAliveMs: 10_000 });
    await client.connect();
    await vi.advanceTimersByTimeAsync(35_000);
    expect(server.methods().filter((method) => method === 'ping')).toHaveLength(3);
  });

  test('finds a server that does not answer, and opens another connection for whoever listens', async () => {
    const { client, server, statuses } = started(
      { answers: { ...watched.answers, ping: silence } },
      { keepAliveMs: 10_000, connectTimeoutMs: 5000 },
    );
    await client.subscribe('a');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(statuses.at(-1)).toMatchObject({ type: 'reconnecting' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.connections).toHaveLength(2);
  });

  test('finds a session that is forgotten, and opens another', async () => {
    const { client, server } = started(
      {
        hasStreams: true,
        refuse: ({ method }, connection) =>
          connection === 1 && method === 'ping' ? new SessionLostError('forgotten') : undefined,
      },
      { keepAliveMs: 10_000 },
    );
    await client.connect();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.connections).toHaveLength(2);
  });

  test('is content with a server that answers that it knows no ping', async () => {
    const { client, server } = started({ answers: { ping: refusal(-32_601) } }, { keepAliveMs: 10_000 });
    await client.connect();
    await vi.advanceTimersByTimeAsync(35_000);
    expect(server.connections).toHaveLength(1);
    expect(server.methods().filter((method) => method === 'ping')).toHaveLength(3);
  });
});

describe('idleCloseMs', () => {
  test('closes a connection that is not used, and the next call opens another', async () => {
    const { client, server, statuses } = started(watched, { idleCloseMs: 5000 });
    await client.listTools();
    await vi.advanceTimersByTimeAsync(4000);
    await client.listTools();
    await vi.advanceTimersByTimeAsync(4999);
    expect(server.connections[0]?.peer.closed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.connections[0]?.peer.closed).toBe(true);
    expect(statuses.map(({ type }) => type)).toEqual(['connecting', 'connected', 'closed']);
    expect(await client.listTools()).toEqual([]);
    expect(server.connections).toHaveLength(2);
  });

  test('leaves a connection open on which a call is under way, or to which somebody listens', async () => {
    const { client, server } = started(
      { answers: { ...watched.answers, 'tools/call': silence } },
      { idleCloseMs: 5000 },
    );
    const call = client.callTool('slow', {}, { timeoutMs: 20_000 }).catch(() => {});
    await vi.advanceTimersByTimeAsync(15_000);
    expect(server.connections[0]?.peer.closed).toBe(false);
    const subscription = await client.subscribe('a');
    await vi.advanceTimersByTimeAsync(60_000);
    await call;
    expect(server.connections[0]?.peer.closed).toBe(false);
    await subscription.close().catch(() => {}); // The script refuses to unsubscribe.
    await vi.advanceTimersByTimeAsync(5000);
    expect(server.connections[0]?.peer.closed).toBe(true);
  });
});

describe('close({ drainMs })', () => {
  test('waits for the calls under way, and refuses new ones', async () => {
    const answers = { 'tools/call': () => new Promise((resolve) => setTimeout(resolve, 1000, { content: [] })) };
    const { client } = started({ answers });
    await client.connect();
    const call = client.callTool('slow');
    const closing = client.close({ drainMs: 5000 });
    await expect(client.callTool('late')).rejects.toMatchObject({ code: 'connection-closed', delivered: 'no' });
    await vi.advanceTimersByTimeAsync(1000);
    expect((await call).isError).toBe(false);
    await closing;
  });

  test('ends what takes longer', async () => {
    const { client } = started({ answers: { 'tools/call': silence } });
    await client.connect();
    const call = client.callTool('slow').catch((error: unknown) => error);
    const closing = client.close({ drainMs: 5000 });
    await vi.advanceTimersByTimeAsync(5000);
    await closing;
    expect(await call).toMatchObject({ code: 'delivery-unknown' });
  });
});

describe('onToolsChanged', () => {
  test('hands over the tools when they are not what they were', async () => {
    const tool = (name: string): object => ({ name, inputSchema: { type: 'object' } });
    let tools = [tool('a'), tool('b')];
    const seen: string[][] = [];
    const { client, server } = started(
      { answers: { 'tools/list': () => ({ tools }) } },
      { onToolsChanged: (changed) => seen.push(changed.map(({ name }) => name)) },
    );
    await client.connect();
    await vi.advanceTimersByTimeAsync(10);
    tools = [tool('b'), tool('a')]; // Another order is no change.
    await server.connections[0]?.peer.notify('notifications/tools/list_changed');
    await vi.advanceTimersByTimeAsync(10);
    expect(seen).toEqual([]);
    tools = [tool('a'), tool('c')];
    await server.connections[0]?.peer.notify('notifications/tools/list_changed');
    await vi.advanceTimersByTimeAsync(10);
    expect(seen).toEqual([['a', 'c']]);
    tools = [tool('d')];
    await server.connections[0]?.peer.close();
    await vi.advanceTimersByTimeAsync(2000);
    expect(seen).toEqual([['a', 'c'], ['d']]);
  });

  test('goes on when a server that was given up is connected again', async () => {
    const crash = new ServerExitedError('exited with code 3', { exitCode: 3, signal: null, stderrTail: '' });
    let tools: object[] = [];
    const server = scriptedServer({ answers: { 'tools/list': () => ({ tools }) } });
    let isCrashing = false;
    const seen: string[][] = [];
    const client = new McpClient(
      () => Object.assign(server.open(), isCrashing && { start: () => Promise.reject(crash) }),
      { protocolVersion: '2025-11-25', onToolsChanged: (changed) => seen.push(changed.map(({ name }) => name)) },
    );
    clients.push(client);
    await client.connect();
    await vi.advanceTimersByTimeAsync(10);
    isCrashing = true;
    await server.connections[0]?.peer.close();
    await vi.advanceTimersByTimeAsync(60_000);
    await expect(client.listTools()).rejects.toMatchObject({ code: 'crash-loop' });
    isCrashing = false;
    tools = [{ name: 'a', inputSchema: { type: 'object' } }];
    await client.connect();
    await vi.advanceTimersByTimeAsync(10);
    tools = [];
    await server.connections.at(-1)?.peer.notify('notifications/tools/list_changed');
    await vi.advanceTimersByTimeAsync(10);
    expect(seen).toEqual([['a'], []]);
  });
});

test('the counters tell what was done and met', async () => {
  const { client, server } = started({ answers: { 'tools/list': () => ({ tools: [] }) } });
  await client.listTools();
  await server.connections[0]?.peer.close();
  await client.listTools();
  expect(client.counters).toEqual({ calls: 3, retries: 0, budgetRefusals: 0, connections: 2, ignored: 0 });
});
