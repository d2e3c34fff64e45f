import { afterEach, describe, expect, test, vi } from 'vitest';
import { refusal, scriptedServer, silence, type Script, type ScriptedServer } from '../test-support/scripted-server.ts';
import { HttpError, McpError, ProtocolError, ServerExitedError, SessionLostError } from './errors.ts';
import type { McpRequest } from './interceptor.ts';
import type { JsonObject } from './protocol/jsonrpc.ts';
import { Session, type SessionOptions } from './session.ts';
import type { Transport } from './transport.ts';

afterEach(() => void vi.useRealTimers());

const call = (name = 'a', options: McpRequest['options'] = {}): McpRequest => ({
  method: 'tools/call',
  params: { name },
  options,
});
const lost = new SessionLostError('forgotten');
const echo = ({ name }: JsonObject): unknown => ({ name });

function sessionWith(
  open: () => Transport | Promise<Transport>,
  options: Partial<SessionOptions> = {},
): { session: Session; reports: string[] } {
  const reports: string[] = [];
  const session = new Session(open, {
    identity: { clientInfo: { name: 'tester', version: '1' }, capabilities: {} },
    handlers: {},
    protocolVersion: 'auto',
    connectTimeoutMs: 15_000,
    probeTimeoutMs: 3000,
    timeoutMs: 60_000,
    maxTotalMs: 600_000,
    strict: false,
    onReport: ({ message }) => reports.push(message),
    onNotification: () => {},
    onConnected: () => {},
    onReconnected: async () => {},
    onResync: async () => {},
    isWanted: () => false,
    ...options,
  });
  return { session, reports };
}

function started(
  script: Script,
  options: Partial<SessionOptions> = {},
): { session: Session; reports: string[]; server: ScriptedServer } {
  const server = scriptedServer(script);
  return { server, ...sessionWith(server.open, options) };
}

const handshake = ['server/discover', 'initialize', 'notifications/initialized'];

describe('connecting', () => {
  test('happens on first use, once for all who ask', async () => {
    const { session, server } = started({ answers: { 'tools/call': echo } });
    expect(server.connections).toHaveLength(0);
    const names = ['a', 'b', 'c'];
    expect(await Promise.all(names.map((name) => session.request(call(name))))).toEqual(
      names.map((name) => ({ name })),
    );
    const [first, second] = await Promise.all([session.connect(), session.connect()]);
    expect(first).toBe(second);
    expect(server.connections).toHaveLength(1);
    expect(server.methods()).toEqual([...handshake, 'tools/call', 'tools/call', 'tools/call']);
    expect(session.server).toMatchObject({ name: 'scripted' });
    expect([session.era, session.hasParamHeaders]).toEqual(['legacy', false]);
  });

  test('that fails is tried again by the next call', async () => {
    const server = scriptedServer({ answers: { 'tools/call': echo } });
    let attempts = 0;
    const { session } = sessionWith(() => {
      if (attempts++ === 0) throw new McpError('spawn-failed', 'no such command');
      return server.open();
    });
    await expect(session.request(call())).rejects.toMatchObject({ code: 'spawn-failed' });
    expect(await session.request(call())).toEqual({ name: 'a' });
  });

  test('is left by a call that is aborted, and goes on for the others', async () => {
    const opening = Promise.withResolvers<Transport>();
    const server = scriptedServer({ answers: { 'tools/call': echo } });
    const { session } = sessionWith(() => opening.promise);
    const controller = new AbortController();
    const aborted = expect(session.request(call('a', { signal: controller.signal }))).rejects.toBe('enough');
    const patient = session.request(call('b'));
    controller.abort('enough');
    await aborted;
    opening.resolve(server.open());
    expect(await patient).toEqual({ name: 'b' });
  });

  test.each<[string, Script, boolean]>([
    ['a handshake', { answers: { 'server/discover': refusal(-32601), initialize: silence } }, false],
    ['a transport', {}, true],
  ])('gives up on %s that takes too long', async (_title, script, isStuck) => {
    vi.useFakeTimers();
    const server = scriptedServer(script);
    const { session } = sessionWith(() => (isStuck ? new Promise(() => {}) : server.open()), {
      connectTimeoutMs: 2000,
    });
    const late = expect(session.connect()).rejects.toMatchObject({
      code: 'connect-timeout',
      message: expect.stringContaining('2000 ms') as string,
    });
    await vi.advanceTimersByTimeAsync(2000);
    await late;
    for (const { peer } of server.connections) expect(peer.closed).toBe(true);
  });

  test('starts a server once more, in the legacy way, that the probe has ended', async () => {
    const exited = new ServerExitedError('exited', { exitCode: 1, signal: null, stderrTail: '' });
    const { session, server } = started({
      refuse: ({ method }) => (method === 'server/discover' ? exited : undefined),
    });
    expect((await session.connect()).server.protocolVersion).toBe('2025-11-25');
    expect(server.received.map(({ method, connection }) => [method, connection])).toEqual([
      ['server/discover', 1],
      ['initialize', 2],
      ['notifications/initialized', 2],
    ]);
  });

  test('does not start a server again and again', async () => {
    const exited = new ServerExitedError('exited', { exitCode: 1, signal: null, stderrTail: '' });
    const { session, server } = started({ refuse: () => exited });
    await expect(session.connect()).rejects.toMatchObject({ code: 'server-exited', retryable: false, delivered: 'no' });
    expect(server.connections).toHaveLength(2);
  });
});

describe('a request', () => {
  test('waits for the connection no longer than it may take, and leaves the opening to the others', async () => {
    vi.useFakeTimers();
    const opening = Promise.withResolvers<Transport>();
    const server = scriptedServer({ answers: { 'tools/call': echo } });
    const { session } = sessionWith(() => opening.promise);
    const hasty = session.request(call('a', { maxTotalMs: 500 })).catch((error: unknown) => error);
    const patient = session.request(call('b', { maxTotalMs: Infinity }));
    await vi.advanceTimersByTimeAsync(500);
    expect(await hasty).toMatchObject({ code: 'timeout', delivered: 'no' });
    opening.resolve(server.open());
    expect(await patient).toEqual({ name: 'b' });
  });

  test('was not delivered when its connection could not be opened, whatever the handshake met', async () => {
    const full = new HttpError('full', { status: 503, body: '' }, { retryable: true });
    const { session } = started({ hasStreams: true, refuse: () => full });
    await expect(session.request(call())).rejects.toMatchObject({ code: 'http-error', delivered: 'no' });
  });

  test('carries what the caller adds to its _meta, in either era', async () => {
    for (const era of ['legacy', 'modern'] as const) {
      const { session, server } = started({ era, answers: { 'tools/call': echo } });
      await session.request(call('a', { meta: { trace: 't' } }));
      expect(server.received.at(-1)?.params).toMatchObject({ name: 'a', _meta: { trace: 't' } });
    }
  });

  test.each(['legacy', 'modern'] as const)('keeps the _meta of its params in the %s era', async (era) => {
    const { session, server } = started({ era, answers: { 'tools/call': echo } });
    await session.request({
      method: 'tools/call',
      params: { name: 'a', _meta: { mine: 1 } },
      options: { meta: { trace: 't' } },
    });
    expect(server.received.at(-1)?.params).toMatchObject({ _meta: { mine: 1, trace: 't' } });
  });

  test('carries the whole envelope in the modern era, and no _meta at all in the legacy one', async () => {
    const modern = started({ era: 'modern', hasStreams: true, answers: { 'tools/call': echo } });
    await modern.session.connect();
    modern.session.logLevel = 'warning';
    await modern.session.request(call());
    expect(modern.server.received.at(-1)?.params['_meta']).toEqual({
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'tester', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
      'io.modelcontextprotocol/logLevel': 'warning',
    });
    expect(modern.session.hasParamHeaders).toBe(true);
    const legacy = started({ answers: { 'tools/call': echo } });
    await legacy.session.request(call());
    expect(legacy.server.received.at(-1)?.params).toEqual({ name: 'a' });
  });

  test('may need rounds of input in the modern era, and never in the legacy one', async () => {
    const answers: Script['answers'] = {
      'tools/call': ({ requestState }) =>
        requestState === undefined ? { resultType: 'input_required', requestState: 's' } : { content: [] },
    };
    const modern = started({ era: 'modern', answers });
    expect(await modern.session.request(call())).toEqual({ content: [], ttlMs: 0 });
    const legacy = started({ answers });
    expect(await legacy.session.request(call())).toMatchObject({ resultType: 'input_required' });
  });
});

describe('a dead session', () => {
  /** The first connection forgets its session after the handshake. */
  const forgetful: Script = {
    hasStreams: true,
    answers: { 'tools/call': echo },
    refuse: ({ method }, connection) => (connection === 1 && method === 'tools/call' ? lost : undefined),
  };

  test('is replaced by one new one for all callers, and each is sent again once', async () => {
    const reconnected: number[] = [];
    const { session, server } = started(forgetful, {
      onReconnected: async () => void reconnected.push(server.connections.length),
    });
    const names = Array.from({ length: 20 }, (_value, index) => `call ${index}`);
    expect(await Promise.all(names.map((name) => session.request(call(name))))).toEqual(
      names.map((name) => ({ name })),
    );
    expect(server.connections).toHaveLength(2);
    expect(reconnected).toEqual([2]);
    const calls = server.received.filter(({ method }) => method === 'tools/call');
    for (const connection of [1, 2])
      expect(calls.filter((sent) => sent.connection === connection).map(({ params }) => params['name'])).toEqual(names);
  });

  test('that dies again is a failure', async () => {
    const { session, server } = started({
      hasStreams: true,
      refuse: ({ method }) => (method === 'tools/call' ? lost : undefined),
    });
    await expect(session.request(call())).rejects.toBe(lost);
    expect(server.connections).toHaveLength(2);
  });

  test('lets the calls that are still under way on it finish', async () => {
    const slow = Promise.withResolvers<unknown>();
    const { session, server } = started({ ...forgetful, answers: { 'tools/call': echo, slow: () => slow.promise } });
    const waiting = session.request({ method: 'slow', params: {}, options: {} });
    expect(await session.request(call())).toEqual({ name: 'a' });
    expect(server.connections.map(({ peer }) => peer.closed)).toEqual([false, false]);
    slow.resolve({ done: true });
    expect(await waiting).toEqual({ done: true });
    await vi.waitFor(() => expect(server.connections.map(({ peer }) => peer.closed)).toEqual([true, false]));
  });

  test('serves no call before the new one has been told what the old one knew', async () => {
    const { session, server } = started(forgetful, {
      onReconnected: async ({ peer }) => {
        await peer.request('logging/setLevel', {}, { timeoutMs: 1000, maxTotalMs: 1000 }).catch(() => {});
        void session.request(call('during'));
        await Promise.resolve();
        await peer.notify('restored');
      },
    });
    await session.request(call('before'));
    await vi.waitFor(() => expect(server.received.some(({ params }) => params['name'] === 'during')).toBe(true));
    const second = server.received.filter(({ connection }) => connection === 2).map(({ method }) => method);
    expect(second.indexOf('tools/call')).toBeGreaterThan(second.indexOf('restored'));
  });

  test('is what a server has that stops speaking the revision', async () => {
    const { session, server } = started({
      era: 'modern',
      answers: {
        'tools/call': ({ name }, { connection: { number } }) => {
          if (number === 1) throw new ProtocolError('no', { rpcCode: -32022, data: { supported: ['2025-11-25'] } });
          return { name };
        },
      },
    });
    expect(await session.request(call())).toEqual({ name: 'a' });
    expect(server.connections).toHaveLength(2);
  });
});

test('a lost connection is reported, and the next call opens another', async () => {
  const { session, server, reports } = started({ answers: { 'tools/call': echo } });
  await session.connect();
  await server.connections[0]?.peer.close();
  expect(reports).toEqual(['The connection was lost']);
  expect(session.server).toBeUndefined();
  expect(await session.request(call())).toEqual({ name: 'a' });
  expect(server.connections).toHaveLength(2);
});

test('a call under way on a lost connection is not sent again', async () => {
  const { session, server } = started({ answers: { 'tools/call': silence } });
  await session.connect();
  const waiting = expect(session.request(call())).rejects.toMatchObject({ code: 'delivery-unknown' });
  await Promise.resolve();
  await server.connections[0]?.peer.close();
  await waiting;
  expect(server.connections).toHaveLength(1);
});

describe('closing', () => {
  const closed = { code: 'connection-closed', delivered: 'no' };

  test('rejects what waits and what comes', async () => {
    const { session, server } = started({ answers: { 'tools/call': silence } });
    await session.connect();
    const waiting = expect(session.request(call())).rejects.toMatchObject({ code: 'delivery-unknown' });
    await session.close();
    await session.close();
    await waiting;
    await expect(session.request(call())).rejects.toMatchObject(closed);
    await expect(session.connect()).rejects.toMatchObject(closed);
    expect(server.connections).toHaveLength(1);
  });

  test('rejects also what is under way on a connection that was replaced', async () => {
    const { session, server } = started({
      hasStreams: true,
      answers: { 'tools/call': echo, slow: silence },
      refuse: ({ method }, connection) => (connection === 1 && method === 'tools/call' ? lost : undefined),
    });
    const waiting = expect(session.request({ method: 'slow', params: {}, options: {} })).rejects.toMatchObject({
      code: 'delivery-unknown',
    });
    await session.request(call());
    await session.close();
    await waiting;
    expect(server.connections.map(({ peer }) => peer.closed)).toEqual([true, true]);
  });

  test.each<[string, Script]>([
    ['the probe', { answers: { 'server/discover': silence } }],
    ['initialize', { answers: { initialize: silence } }],
  ])('rejects at once those who wait for %s', async (_title, script) => {
    const { session, server } = started(script);
    const connecting = expect(session.connect()).rejects.toMatchObject(closed);
    const calling = expect(session.request(call())).rejects.toMatchObject(closed);
    await vi.waitFor(() => expect(server.methods().at(-1)).toMatch(/discover|initialize/));
    await session.close();
    await Promise.all([connecting, calling]);
    expect(server.connections.map(({ peer }) => peer.closed)).toEqual([true]);
  });

  test('rejects at once those who wait for a transport, and closes it when it comes', async () => {
    const opening = Promise.withResolvers<Transport>();
    const server = scriptedServer();
    const { session } = sessionWith(() => opening.promise);
    const connecting = expect(session.connect()).rejects.toMatchObject(closed);
    await session.close();
    opening.resolve(server.open());
    await connecting;
    await vi.waitFor(() => expect(server.connections.map(({ peer }) => peer.closed)).toEqual([true]));
    expect(server.methods()).toEqual([]);
  });

  test('of a session that was never used does nothing', async () => {
    const { session, server } = started({});
    await session.close();
    expect(server.connections).toHaveLength(0);
  });
});

test('the status tells the life of the connection, its present state first', async () => {
  const { session, server } = started({ answers: { 'tools/call': echo } });
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { type } of session.status()) seen.push(type);
  })();
  await session.connect();
  await server.connections[0]?.peer.close();
  await session.request(call());
  const late = session.status()[Symbol.asyncIterator]();
  expect(await late.next()).toMatchObject({ value: { type: 'connected' } });
  await session.close();
  await reading;
  expect(seen).toEqual(['connecting', 'connected', 'reconnecting', 'connected', 'resync', 'closed']);
});
