import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  refusal,
  scriptedServer,
  silence,
  type Answer,
  type Script,
  type ScriptedServer,
} from '../test-support/scripted-server.ts';
import { AuthError, HttpError, McpError, ProtocolError, RateLimitError, ServerExitedError } from './errors.ts';
import { handshake, type HandshakeOptions, type ServerInfo } from './handshake.ts';
import { Peer } from './peer.ts';

afterEach(() => void vi.useRealTimers());

const identity = { clientInfo: { name: 'tester', version: '1' }, capabilities: { roots: {} } };

async function greet(
  script: Script,
  options: Partial<HandshakeOptions> = {},
): Promise<{ server: ScriptedServer; peer: Peer; shaken: Promise<ServerInfo> }> {
  const server = scriptedServer(script);
  const ignore = (): void => {};
  const peer = new Peer(server.open(), {
    onRequest: async () => ({}),
    onNotification: ignore,
    onReport: ignore,
    onReopened: ignore,
    onForgotten: ignore,
    onClose: ignore,
  });
  await peer.open();
  const all = { identity, protocolVersion: 'auto', probeTimeoutMs: 3000, timeoutMs: 15_000, ...options } as const;
  return { server, peer, shaken: handshake(peer, all) };
}

const modernAnswer = { supportedVersions: ['2026-07-28'], capabilities: { tools: {} } };

describe('the modern era', () => {
  test('is asked for first, with the whole envelope, and needs nothing more', async () => {
    const _meta = { 'io.modelcontextprotocol/serverInfo': { name: 'new', version: '2', title: 'New' } };
    const { server, peer, shaken } = await greet({
      answers: { 'server/discover': () => ({ ...modernAnswer, instructions: 'Be kind.', _meta }) },
    });
    expect(await shaken).toEqual({
      name: 'new',
      version: '2',
      title: 'New',
      instructions: 'Be kind.',
      protocolVersion: '2026-07-28',
      capabilities: { tools: {} },
    });
    expect(peer.era).toBe('modern');
    expect(server.received.map(({ method, params }) => ({ method, params }))).toEqual([
      {
        method: 'server/discover',
        params: {
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': identity.clientInfo,
            'io.modelcontextprotocol/clientCapabilities': identity.capabilities,
          },
        },
      },
    ]);
  });

  test('is asked for once more where the server refuses and names a revision of it', async () => {
    let asked = 0;
    const discover: Answer = () => {
      if (asked++ === 0) throw new ProtocolError('no', { rpcCode: -32022, data: { supported: ['2026-07-28'] } });
      return modernAnswer;
    };
    const { server, shaken } = await greet({ answers: { 'server/discover': discover } });
    expect(await shaken).toMatchObject({ protocolVersion: '2026-07-28', name: 'unnamed server', version: 'unknown' });
    expect(server.methods()).toEqual(['server/discover', 'server/discover']);
  });

  test('is asked for no more than twice', async () => {
    const { server, shaken } = await greet({
      answers: { 'server/discover': refusal(-32022, { supported: ['2026-07-28'] }) },
    });
    expect(await shaken).toMatchObject({ protocolVersion: '2025-11-25' });
    expect(server.methods().filter((method) => method === 'server/discover')).toHaveLength(2);
  });

  test('can be required, and then nothing else is tried', async () => {
    const { server, shaken } = await greet({}, { protocolVersion: '2026-07-28' });
    await expect(shaken).rejects.toThrow();
    expect(server.methods()).toEqual(['server/discover']);
  });
});

describe('the legacy era', () => {
  test.each<[string, Answer]>([
    ['method not found', refusal(-32601)],
    ['invalid params', refusal(-32602)],
    ['an internal error', refusal(-32603)],
    ['a server that is not initialized', refusal(-32000)],
    ['an unsupported version without a list', refusal(-32022)],
    ['an unsupported version with a list of old ones', refusal(-32022, { supported: ['2025-11-25'] })],
    ['an empty result', () => ({})],
    ['a result that is none', () => null],
    ['a list of versions that is none', () => ({ supportedVersions: '2026-07-28' })],
    ['only versions of the future', () => ({ supportedVersions: ['2099-01-01'] })],
  ])('is spoken after %s', async (_title, discover) => {
    const { server, peer, shaken } = await greet({ answers: { 'server/discover': discover } });
    expect(await shaken).toMatchObject({ name: 'scripted', protocolVersion: '2025-11-25' });
    expect(peer.era).toBe('legacy');
    expect(server.methods()).toEqual(['server/discover', 'initialize', 'notifications/initialized']);
    expect(server.received[1]?.params).toEqual({
      protocolVersion: '2025-11-25',
      clientInfo: identity.clientInfo,
      capabilities: identity.capabilities,
    });
  });

  test.each([[400], [404], [405], [415], [500], [503]])('is spoken after HTTP %i', async (status) => {
    const { shaken } = await greet({
      refuse: ({ method }) => (method === 'server/discover' ? new HttpError('no', { status, body: '' }) : undefined),
    });
    expect(await shaken).toMatchObject({ protocolVersion: '2025-11-25' });
  });

  test.each([
    new AuthError('no', { status: 401 }),
    new RateLimitError('no', { body: '' }),
    new McpError('connection-failed', 'refused', { delivered: 'no' }),
    new ServerExitedError('gone', { exitCode: 1, signal: null, stderrTail: '' }),
  ])('is not tried after $name $code', async (error) => {
    const { server, shaken } = await greet({ refuse: () => error });
    await expect(shaken).rejects.toBe(error);
    expect(server.methods()).toEqual(['server/discover']);
  });

  test('is tried when the probe fails without a reason, as where a server does not allow a page its headers', async () => {
    const { shaken } = await greet({
      refuse: ({ method }) =>
        method === 'server/discover' ? new McpError('connection-failed', 'Failed to fetch') : undefined,
    });
    expect(await shaken).toMatchObject({ protocolVersion: '2025-11-25' });
  });

  test('is offered with the newest revision that the refusal names', async () => {
    const { server, shaken } = await greet({
      answers: { 'server/discover': refusal(-32022, { supported: ['2024-11-05', '2025-06-18'] }) },
    });
    expect(await shaken).toMatchObject({ protocolVersion: '2025-06-18' });
    expect(server.received[1]?.params).toMatchObject({ protocolVersion: '2025-06-18' });
  });

  test.each(['2025-06-18', '2025-03-26', '2024-11-05'])('goes down to %s with the server', async (protocolVersion) => {
    const { peer, shaken } = await greet({ answers: { initialize: () => ({ protocolVersion }) } });
    const told: string[] = [];
    peer.transport.setProtocolVersion = (version) => told.push(version);
    expect(await shaken).toEqual({
      name: 'unnamed server',
      version: 'unknown',
      protocolVersion,
      capabilities: {},
    });
    expect(told).toEqual([protocolVersion]);
  });

  test.each([['2099-01-01'], ['2026-07-28'], [undefined], [7]])(
    'ends where the server wants %j',
    async (protocolVersion) => {
      const { server, shaken } = await greet({ answers: { initialize: () => ({ protocolVersion }) } });
      await expect(shaken).rejects.toMatchObject({
        code: 'unsupported-version',
        message: expect.stringContaining('this client speaks 2026-07-28, 2025-11-25') as string,
      });
      expect(server.methods()).not.toContain('notifications/initialized');
    },
  );

  test('ends with a short message where the server has much to say', async () => {
    const protocolVersion = `\u202E${'x'.repeat(50_000)}`;
    const { shaken } = await greet({ answers: { initialize: () => ({ protocolVersion }) } });
    const error = await shaken.catch((thrown: unknown) => thrown as Error);
    expect((error as Error).message.length).toBeLessThan(500);
    expect((error as Error).message).not.toContain('\u202E');
  });

  test('ends where initialize is answered by nothing usable', async () => {
    const { shaken } = await greet({ answers: { initialize: () => 'hello' } });
    await expect(shaken).rejects.toMatchObject({ code: 'invalid-response' });
  });

  test.each<Partial<HandshakeOptions>>([{ knownEra: 'legacy' }, { protocolVersion: '2025-06-18' }])(
    'is not asked about when it is known: %j',
    async (options) => {
      const { server, shaken } = await greet({}, options);
      expect(await shaken).toMatchObject({ protocolVersion: options.protocolVersion ?? '2025-11-25' });
      expect(server.methods()).toEqual(['initialize', 'notifications/initialized']);
    },
  );
});

describe('silence', () => {
  test('counts as legacy after the time of the probe', async () => {
    vi.useFakeTimers();
    const { server, peer, shaken } = await greet({ answers: { 'server/discover': silence } });
    await vi.advanceTimersByTimeAsync(2999);
    expect(server.methods()).toEqual(['server/discover']);
    await vi.advanceTimersByTimeAsync(1);
    expect(await shaken).toMatchObject({ protocolVersion: '2025-11-25' });
    expect(server.methods()).toEqual([
      'server/discover',
      'initialize',
      'notifications/initialized',
      'notifications/cancelled',
    ]);
    await peer.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is forgiven when the answer comes late and initialize is refused', async () => {
    vi.useFakeTimers();
    const answer = Promise.withResolvers<unknown>();
    const { shaken } = await greet({
      answers: {
        'server/discover': () => answer.promise,
        initialize: async () => {
          answer.resolve(modernAnswer);
          await Promise.resolve();
          throw new ProtocolError('no', { rpcCode: -32601 });
        },
      },
    });
    await vi.advanceTimersByTimeAsync(3001);
    expect(await shaken).toMatchObject({ protocolVersion: '2026-07-28' });
  });

  test.each([
    ['was slow to start', () => new Promise(() => {})],
    [
      'was not reached at first',
      () => {
        throw new McpError('connection-failed', 'Failed to fetch');
      },
    ],
  ])('is asked again when a server that %s refuses initialize, and names its revision', async (_why, first) => {
    vi.useFakeTimers();
    let probes = 0;
    const { server, shaken } = await greet({
      answers: {
        'server/discover': () => (probes++ === 0 ? first() : modernAnswer),
        initialize: () => {
          throw new ProtocolError('no', { rpcCode: -32_022, data: { supported: ['2026-07-28'] } });
        },
      },
    });
    await vi.advanceTimersByTimeAsync(3001);
    expect(await shaken).toMatchObject({ protocolVersion: '2026-07-28' });
    expect(server.methods().slice(0, 3)).toEqual(['server/discover', 'initialize', 'server/discover']);
  });

  test('of both is the failure of initialize', async () => {
    vi.useFakeTimers();
    const { shaken } = await greet({ answers: { 'server/discover': silence, initialize: silence } });
    const failed = expect(shaken).rejects.toMatchObject({ code: 'timeout' });
    await vi.advanceTimersByTimeAsync(20_000);
    await failed;
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('a connection that closes during the probe is not asked again', async () => {
  const { server, peer, shaken } = await greet({ answers: { 'server/discover': silence } });
  await peer.close();
  await expect(shaken).rejects.toMatchObject({ code: 'delivery-unknown' });
  expect(server.methods()).toEqual(['server/discover']);
});
