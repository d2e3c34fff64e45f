import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  scriptedServer,
  silence,
  type Script,
  type ScriptedServer,
  type ServerConnection,
} from '../test-support/scripted-server.ts';
import { McpClient } from './client.ts';
import { SessionLostError } from './errors.ts';
import type { Report } from './protocol/report.ts';
import { changeOf, type Change, type Subscription } from './subscriptions.ts';

const clients: McpClient[] = [];

afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const client of clients.splice(0)) await client.close();
});

function clientOf(script: Script): { client: McpClient; server: ScriptedServer; reports: Report[] } {
  const server = scriptedServer(script);
  const reports: Report[] = [];
  const client = new McpClient(server.open, { onReport: (report) => void reports.push(report) });
  clients.push(client);
  return { client, server, reports };
}

/** The next changes, as many as asked for. */
async function take(subscription: Subscription, count: number): Promise<Change[]> {
  const changes: Change[] = [];
  const iterator = subscription[Symbol.asyncIterator]();
  while (changes.length < count) changes.push((await iterator.next()).value as Change);
  return changes;
}

async function rest(subscription: Subscription): Promise<Change[]> {
  const changes: Change[] = [];
  for await (const change of subscription) changes.push(change);
  return changes;
}

test.each([
  ['notifications/resources/updated', { uri: 'a' }, { type: 'resource', uri: 'a' }],
  ['notifications/tools/list_changed', {}, { type: 'tools' }],
  ['notifications/prompts/list_changed', {}, { type: 'prompts' }],
  ['notifications/resources/list_changed', {}, { type: 'resourceList' }],
  ['notifications/message', {}, undefined],
  ['toString', {}, undefined],
])('%s tells of %j', (method, params, change) => {
  expect(changeOf(method, params)).toEqual(change);
});

describe('in the legacy era', () => {
  const legacy: Script = { answers: { 'resources/subscribe': () => ({}), 'resources/unsubscribe': () => ({}) } };

  const asked = (server: ScriptedServer): [string, unknown][] =>
    server.received
      .filter(({ method }) => method.startsWith('resources/'))
      .map(({ method, params }) => [method, params['uri']]);

  test('a resource is subscribed to, and its changes come', async () => {
    const { client, server } = clientOf(legacy);
    const subscription = await client.subscribe('file:///a');
    const peer = server.connections[0]?.peer;
    await peer?.notify('notifications/resources/updated', { uri: 'file:///other' });
    await peer?.notify('notifications/tools/list_changed');
    await peer?.notify('notifications/resources/updated', { uri: 'file:///a' });
    await peer?.notify('notifications/resources/updated', { uri: 'file:///a/part' });
    expect(await take(subscription, 2)).toEqual([
      { type: 'resource', uri: 'file:///a' },
      { type: 'resource', uri: 'file:///a/part' },
    ]);
    await subscription.close();
    await subscription.close();
    expect(asked(server)).toEqual([
      ['resources/subscribe', 'file:///a'],
      ['resources/unsubscribe', 'file:///a'],
    ]);
  });

  test('lists need no subscription, and each hears of what it asked for', async () => {
    const { client, server } = clientOf(legacy);
    const tools = await client.subscribe({ tools: true });
    const others = await client.subscribe({ prompts: true, resourceList: true });
    for (const list of ['prompts', 'tools', 'resources'])
      await server.connections[0]?.peer.notify(`notifications/${list}/list_changed`);
    expect(await take(tools, 1)).toEqual([{ type: 'tools' }]);
    expect(await take(others, 2)).toEqual([{ type: 'prompts' }, { type: 'resourceList' }]);
    expect(asked(server)).toEqual([]);
  });

  test('a resource that two want is subscribed to once, and left by the last', async () => {
    const { client, server } = clientOf(legacy);
    const [first, second] = [await client.subscribe('a'), await client.subscribe({ resources: ['a', 'b'] })];
    await first.close();
    expect(asked(server)).toEqual([
      ['resources/subscribe', 'a'],
      ['resources/subscribe', 'b'],
    ]);
    await second.close();
    expect(asked(server).slice(2)).toEqual([
      ['resources/unsubscribe', 'a'],
      ['resources/unsubscribe', 'b'],
    ]);
  });

  test('a refused subscription is an error, and hears of nothing', async () => {
    const { client } = clientOf({});
    await expect(client.subscribe('a')).rejects.toMatchObject({ rpcCode: -32601 });
  });

  test('a new session is told of what the old one watched', async () => {
    const { client, server } = clientOf({
      hasStreams: true,
      answers: { ...legacy.answers, 'tools/call': () => ({ content: [] }) },
      refuse: ({ method }, connection) =>
        connection === 1 && method === 'tools/call' ? new SessionLostError('forgotten') : undefined,
    });
    const subscription = await client.subscribe({ resources: ['a', 'b'] });
    await client.callTool('x');
    expect(server.received.filter(({ connection }) => connection === 2).map(({ method }) => method)).toEqual([
      'initialize',
      'notifications/initialized',
      'resources/subscribe',
      'resources/subscribe',
      'tools/call',
    ]);
    await server.connections[1]?.peer.notify('notifications/resources/updated', { uri: 'b' });
    expect(await take(subscription, 3)).toEqual([
      { type: 'resource', uri: 'a' }, // Both may have changed while no session told of it.
      { type: 'resource', uri: 'b' },
      { type: 'resource', uri: 'b' },
    ]);
  });

  test('changes that come before the loop are kept for it, and closing ends it', async () => {
    const { client, server } = clientOf(legacy);
    const subscription = await client.subscribe({ tools: true });
    await server.connections[0]?.peer.notify('notifications/tools/list_changed');
    await client.ping(); // Its answer comes after the notification.
    await subscription.close();
    expect(await rest(subscription)).toEqual([{ type: 'tools' }]);
  });

  test('the end of the client ends every loop', async () => {
    const { client } = clientOf(legacy);
    const [one, two] = [await client.subscribe({ tools: true }), await client.subscribe('a')];
    const ended = Promise.all([rest(one), rest(two)]);
    await client.close();
    expect(await ended).toEqual([[], []]);
  });
});

describe('in the modern era', () => {
  const tag = 'io.modelcontextprotocol/subscriptionId';

  interface Stream {
    connection: ServerConnection;
    params: Record<string, unknown>;
    signal: AbortSignal;
    end: (result?: unknown) => void;
    acknowledge: () => Promise<void>;
    tell: (method: string, params?: object) => Promise<void>;
  }

  /** A server that keeps every stream of `subscriptions/listen`, and acknowledges it when `acknowledges`. */
  function listening(
    script: Script = {},
    acknowledges = true,
  ): { client: McpClient; server: ScriptedServer; streams: Stream[]; reports: Report[] } {
    const streams: Stream[] = [];
    const listen: NonNullable<Script['answers']>[string] = (params, { connection, signal }) => {
      const id = listens(server, connection.number);
      const tell: Stream['tell'] = (method, fields = {}) =>
        connection.peer.notify(method, { ...fields, _meta: { [tag]: id } });
      const acknowledge = (): Promise<void> => tell('notifications/subscriptions/acknowledged');
      return new Promise((end) => {
        streams.push({ connection, params, signal, end, acknowledge, tell });
        if (acknowledges) void acknowledge();
      });
    };
    const { client, server, reports } = clientOf({
      era: 'modern',
      ...script,
      answers: { 'subscriptions/listen': listen, ...script.answers },
    });
    return { client, server, streams, reports };
  }

  /** The id that the latest stream must have: the client counts its requests on each connection from 1. */
  function listens(server: ScriptedServer, connection: number): number {
    return server.received.filter((each) => each.connection === connection && !each.method.startsWith('notifications/'))
      .length;
  }

  test('a stream is opened with the filter of the protocol, and is closed with the subscription', async () => {
    const { client, streams } = listening();
    const filter = { resources: ['a'], tools: true, prompts: true, resourceList: true };
    const subscription = await client.subscribe(filter);
    expect(streams[0]?.params).toMatchObject({
      notifications: {
        resourceSubscriptions: ['a'],
        toolsListChanged: true,
        promptsListChanged: true,
        resourcesListChanged: true,
      },
      _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' },
    });
    await subscription.close();
    await vi.waitFor(() => expect(streams[0]?.signal.aborted).toBe(true));
    expect(await rest(subscription)).toEqual([]);
  });

  test('each stream brings its own subscription what belongs to it', async () => {
    const { client, streams } = listening();
    const [one, two] = [await client.subscribe({ tools: true }), await client.subscribe({ tools: true })];
    await streams[1]?.tell('notifications/tools/list_changed');
    expect(await take(two, 1)).toEqual([{ type: 'tools' }]);
    await streams[0]?.tell('notifications/prompts/list_changed');
    await one.close();
    expect(await rest(one)).toEqual([]);
  });

  test('subscribing waits for the acknowledgement, for a while', async () => {
    vi.useFakeTimers();
    const { client, streams } = listening({}, false);
    const late = expect(client.subscribe('a')).rejects.toMatchObject({ code: 'timeout' });
    await vi.advanceTimersByTimeAsync(15_000);
    await late;
    expect(streams[0]?.signal.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each<[string, Script]>([
    ['refuses', { answers: { 'subscriptions/listen': () => Promise.reject(new Error('not today')) } }],
    ['ends', { answers: { 'subscriptions/listen': () => ({}) } }],
  ])('a server that %s the stream at once fails the subscription at once', async (_title, script) => {
    const { client, server } = listening(script);
    await expect(client.subscribe('a')).rejects.toThrow();
    expect(server.methods().filter((method) => method === 'subscriptions/listen')).toHaveLength(1);
  });

  test('a subscription of which the server grants nothing is refused', async () => {
    const { client, streams } = listening({}, false);
    const refused = expect(client.subscribe('a')).rejects.toMatchObject({ code: 'unsupported-capability' });
    await vi.waitFor(() => expect(streams).toHaveLength(1));
    await streams[0]?.tell('notifications/subscriptions/acknowledged', { notifications: {} });
    await refused;
  });

  test('what the server leaves out of a subscription is reported', async () => {
    const { client, streams, reports } = listening({}, false);
    const subscribing = client.subscribe({ resources: ['a'], tools: true });
    await vi.waitFor(() => expect(streams).toHaveLength(1));
    await streams[0]?.tell('notifications/subscriptions/acknowledged', { notifications: { toolsListChanged: true } });
    await subscribing;
    expect(reports).toMatchObject([{ kind: 'dropped', message: expect.stringContaining('resourceSubscriptions') }]);
  });

  test('the end of the client ends also who still waits for an acknowledgement', async () => {
    const { client, streams } = listening({}, false);
    const waiting = expect(client.subscribe('a')).rejects.toThrow();
    await vi.waitFor(() => expect(streams).toHaveLength(1));
    await client.close();
    await waiting;
  });

  test('a stream that the server ends in an orderly way ends the loop', async () => {
    const { client, streams } = listening();
    const subscription = await client.subscribe({ tools: true });
    await streams[0]?.tell('notifications/tools/list_changed');
    streams[0]?.end({});
    expect(await rest(subscription)).toEqual([{ type: 'tools' }]);
  });

  test('a stream that is lost is opened again, with growing waits', async () => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(1); // The longest waits.
    const { client, server, streams } = listening();
    const subscription = await client.subscribe({ tools: true });
    for (const [index, wait] of [1000, 2000, 4000].entries()) {
      await server.connections.at(-1)?.peer.close();
      await vi.advanceTimersByTimeAsync(wait - 1);
      expect(streams).toHaveLength(index + 1);
      await vi.advanceTimersByTimeAsync(1);
      expect(streams).toHaveLength(index + 2);
    }
    await streams.at(-1)?.tell('notifications/tools/list_changed');
    expect(await take(subscription, 4)).toEqual(Array.from({ length: 4 }, () => ({ type: 'tools' }))); // Each gap may have hidden one.
    await vi.advanceTimersByTimeAsync(6000);
    await server.connections.at(-1)?.peer.close();
    await vi.advanceTimersByTimeAsync(1000);
    expect(streams).toHaveLength(5);
  });

  test('a stream that the server does not open again leaves no haste', async () => {
    vi.useFakeTimers();
    let opened = 0;
    const { client, server } = clientOf({
      era: 'modern',
      answers: {
        'subscriptions/listen': (_params, { connection }) => {
          if (opened++ > 0) return silence({}, { connection, signal: new AbortController().signal });
          void connection.peer.notify('notifications/subscriptions/acknowledged', { _meta: { [tag]: 2 } });
          return new Promise(() => {});
        },
      },
    });
    const subscription = await client.subscribe({ tools: true });
    await server.connections[0]?.peer.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened).toBe(2);
    await subscription.close();
    expect(await rest(subscription)).toEqual([]);
  });
});
