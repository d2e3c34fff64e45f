import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { HandTransport } from '../test-support/hand-transport.ts';
import { McpError, ProtocolError, ServerExitedError } from './errors.ts';
import { Peer, type PeerListener, type PeerRequestOptions } from './peer.ts';
import { isObject, type JsonObject } from './protocol/jsonrpc.ts';
import { memoryTransportPair } from './transports/memory.ts';

afterEach(() => void vi.useRealTimers());

const patient: PeerRequestOptions = { timeoutMs: 60_000, maxTotalMs: 600_000 };

interface Told extends PeerListener {
  reports: string[];
  notifications: [string, JsonObject][];
  closes: (McpError | undefined)[];
}

function listener(onRequest: PeerListener['onRequest'] = async () => ({})): Told {
  const told: Pick<Told, 'reports' | 'notifications' | 'closes'> = { reports: [], notifications: [], closes: [] };
  return {
    ...told,
    onRequest,
    onNotification: (method, params) => told.notifications.push([method, params]),
    onReport: ({ kind, message }) => told.reports.push(`${kind}: ${message}`),
    onReopened: () => {},
    onForgotten: () => {},
    onClose: (error) => told.closes.push(error),
  };
}

async function opened(
  transport = new HandTransport(),
  told = listener(),
  strict = false,
): Promise<{ peer: Peer; transport: HandTransport; told: Told }> {
  const peer = new Peer(transport, told, strict);
  await peer.open();
  return { peer, transport, told };
}

/** How a promise has settled by now. */
async function settled(promise: Promise<unknown>): Promise<unknown> {
  return Promise.race([promise, new Promise((resolve) => setImmediate(() => resolve('pending')))]);
}

describe('a request', () => {
  test('is answered by the message with its id, in any order', async () => {
    const { peer, transport } = await opened();
    const [first, second] = [peer.request('a', { x: 1 }, patient), peer.request('b', undefined, patient)];
    expect(transport.messages).toEqual([
      { jsonrpc: '2.0', id: 1, method: 'a', params: { x: 1 } },
      { jsonrpc: '2.0', id: 2, method: 'b', params: undefined },
    ]);
    transport.answer(2, 'second');
    transport.answer(1, 'first');
    expect(await Promise.all([first, second])).toEqual(['first', 'second']);
  });

  test('travels over a real pair of transports', async () => {
    const [near, far] = memoryTransportPair();
    const server = new Peer(
      far,
      listener(async (method, params) => ({ method, params })),
    );
    const client = new Peer(near, listener());
    await Promise.all([server.open(), client.open()]);
    expect(await client.request('echo', { a: 1 }, patient)).toEqual({ method: 'echo', params: { a: 1 } });
  });

  test('rejects with the error of the server, quoted on one line', async () => {
    const { peer, transport } = await opened();
    const failed = peer.request('tools/call', {}, patient);
    transport.fail(1, { code: '-32602', message: `bad\n\u001B[31m${'x'.repeat(5000)}`, data: { field: 'a' } });
    const error = await failed.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ rpcCode: -32602, data: { field: 'a' }, delivered: 'yes' });
    expect((error as Error).message).toMatch(/^tools\/call failed: bad \\u\{1b\}\[31mx+… \(-32602\)$/);
  });

  test('tells its id before it is sent', async () => {
    const { peer, transport } = await opened();
    const seen: [number, number][] = [];
    void peer.request('a', {}, { ...patient, onId: (id) => seen.push([id, transport.sent.length]) });
    expect(seen).toEqual([[1, 0]]);
  });

  test('rejects when it cannot be sent', async () => {
    const { peer, transport } = await opened();
    transport.sendError = new Error('broken pipe');
    await expect(peer.request('a', {}, patient)).rejects.toMatchObject({ code: 'connection-failed' });
    await expect(peer.notify('n')).rejects.toMatchObject({ code: 'connection-failed' });
    transport.sessionId = 'forgotten';
    transport.sendError = Object.assign(new Error('gone'), { status: 404 });
    await expect(peer.request('a', {}, patient)).rejects.toMatchObject({ code: 'session-lost' });
    transport.sendError = new McpError('queue-full', 'full');
    await expect(peer.request('a', {}, patient)).rejects.toBe(transport.sendError);
  });
});

describe('answers as servers really send them', () => {
  const error = { code: -32603, message: 'broken' };

  test.each<[string, unknown, unknown]>([
    ['a result with the id as a string', { id: '1', result: 'ok' }, 'ok'],
    ['an error with the id as a string', { id: '1', error }, error],
    ['an error with the id null', { id: null, error }, error],
    ['an error without an id', { error }, error],
    ['an error with an id of its own', { id: 'server-error', error }, error],
    ['a result with error: null', { id: 1, result: 'ok', error: null }, 'ok'],
    ['a result with extra keys', { id: 1, result: 'ok', took: '3ms' }, 'ok'],
  ])('%s is understood, and refused when strict', async (_title, message, expected) => {
    for (const strict of [false, true]) {
      const { peer, transport } = await opened(new HandTransport(), listener(), strict);
      const answered = peer.request('a', {}, patient).catch((thrown: unknown) => thrown);
      transport.receive({ jsonrpc: '2.0', ...(message as object) });
      const outcome = await answered;
      if (strict) expect(outcome).toMatchObject({ code: 'invalid-response' });
      else if (expected === error) expect(outcome).toMatchObject({ code: 'protocol-error', rpcCode: -32603 });
      else expect(outcome).toBe(expected);
    }
  });

  test.each([
    ['an error without an id, when two wait', { error }],
    ['an error with the id null, when two wait', { id: null, error }],
    ['a result without an id', { result: 'ok' }],
    ['a result with the id null', { id: null, result: 'ok' }],
    ['a result with a foreign id', { id: 7, result: 'ok' }],
    ['a result with a foreign text for an id', { id: 'x', result: 'ok' }],
    ['a result with an empty id', { id: '', result: 'ok' }],
    ['neither result nor error', { id: 1 }],
    ['a text', 'hello'],
    ['a list', []],
    ['nothing', null],
  ])('%s is reported, and settles nobody', async (_title, message) => {
    const { peer, transport, told } = await opened();
    const waiting = Promise.all([peer.request('a', {}, patient), peer.request('b', {}, patient)]);
    transport.receive(isObject(message) ? { jsonrpc: '2.0', ...message } : message);
    expect(await settled(waiting)).toBe('pending');
    expect(told.reports).toEqual([expect.stringMatching(/^ignored-message: The server sent /)]);
    transport.answer(1, 'a');
    transport.answer(2, 'b');
    expect(await waiting).toEqual(['a', 'b']);
  });

  test('a stray answer is quoted in part', async () => {
    const { transport, told } = await opened();
    transport.answer('x'.repeat(5000), {});
    expect(told.reports[0]?.length).toBeLessThan(300);
  });

  test('a second answer to the same request is reported', async () => {
    const { peer, transport, told } = await opened();
    const answered = peer.request('a', {}, patient);
    transport.answer(1, 'first');
    transport.answer(1, 'second');
    transport.fail('1', error);
    expect(await answered).toBe('first');
    expect(told.reports).toHaveLength(2);
  });
});

describe('a timeout', () => {
  test('rejects, and tells the server', async () => {
    vi.useFakeTimers();
    const { peer, transport, told } = await opened();
    const late = expect(peer.request('a', {}, { timeoutMs: 1000, maxTotalMs: 5000 })).rejects.toMatchObject({
      code: 'timeout',
      message: 'No answer to a within 1000 ms',
    });
    await vi.advanceTimersByTimeAsync(1000);
    await late;
    expect(transport.messages[1]).toMatchObject({ method: 'notifications/cancelled', params: { requestId: 1 } });
    transport.answer(1, 'late');
    expect(told.reports).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('starts again with each progress, up to the time in all', async () => {
    vi.useFakeTimers();
    const { peer, transport } = await opened();
    const progress: unknown[] = [];
    const onProgress = (step: unknown): void => void progress.push(step);
    const late = expect(
      peer.request('a', { _meta: { mine: 1 } }, { timeoutMs: 1000, maxTotalMs: 2500, onProgress }),
    ).rejects.toMatchObject({ code: 'timeout', message: 'No answer to a within 2500 ms in all' });
    expect(transport.messages[0]).toMatchObject({ params: { _meta: { mine: 1, progressToken: 1 } } });
    for (let step = 1; step <= 3; step++) {
      await vi.advanceTimersByTimeAsync(800);
      const params = { progressToken: step === 2 ? '1' : 1, progress: step };
      transport.receive({ jsonrpc: '2.0', method: 'notifications/progress', params });
    }
    expect(progress).toMatchObject([{ progress: 1 }, { progress: 2 }, { progress: 3 }]);
    await vi.advanceTimersByTimeAsync(100);
    await late;
  });

  test('stands still while this side answers the server; the time in all does not', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const answers: ((result: object) => void)[] = [];
    const { peer, transport } = await opened(
      new HandTransport(),
      listener(() => new Promise((resolve) => answers.push(resolve))),
    );
    const call = peer.request('a', {}, { timeoutMs: 1000, maxTotalMs: 100_000 });
    const late = expect(peer.request('b', {}, { timeoutMs: 1000, maxTotalMs: 5000 })).rejects.toMatchObject({
      message: 'No answer to b within 5000 ms in all',
    });
    await vi.advanceTimersByTimeAsync(900);
    for (const id of [1, 2]) transport.receive({ jsonrpc: '2.0', id, method: 'elicitation/create', params: {} });
    await vi.advanceTimersByTimeAsync(4100);
    await late;
    answers[0]?.({});
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await settled(call)).toBe('pending');
    answers[1]?.({});
    await vi.advanceTimersByTimeAsync(99);
    expect(await settled(call)).toBe('pending');
    const timeout = expect(call).rejects.toMatchObject({ message: 'No answer to a within 1000 ms' });
    await vi.advanceTimersByTimeAsync(1);
    await timeout;
  });

  test('goes on when the server takes back what this side was to answer', async () => {
    vi.useFakeTimers();
    const { peer, transport } = await opened(
      new HandTransport(),
      listener(() => new Promise(() => {})),
    );
    const timeout = expect(peer.request('a', {}, { timeoutMs: 1000, maxTotalMs: 100_000 })).rejects.toThrow('1000 ms');
    transport.receive({ jsonrpc: '2.0', id: 1, method: 'elicitation/create', params: {} });
    await vi.advanceTimersByTimeAsync(3000);
    transport.receive({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    await vi.advanceTimersByTimeAsync(1000);
    await timeout;
  });

  test('of one request does not touch the others, whatever the order', async () => {
    vi.useFakeTimers();
    const { peer, transport } = await opened();
    const settledAt: [string, number][] = [];
    const start = Date.now();
    const calls = [300, 100, 200].map((timeoutMs) =>
      peer.request('a', {}, { timeoutMs, maxTotalMs: 1000 }).catch((error: Error) => {
        settledAt.push([error.message, Date.now() - start]);
      }),
    );
    const patientCall = peer.request('b', {}, patient);
    await vi.advanceTimersByTimeAsync(1000);
    await Promise.all(calls);
    expect(settledAt).toEqual([100, 200, 300].map((ms) => [`No answer to a within ${ms} ms`, ms]));
    transport.answer(4, 'ok');
    expect(await patientCall).toBe('ok');
    await peer.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('can be without end', async () => {
    vi.useFakeTimers();
    const { peer, transport } = await opened();
    const answered = peer.request('a', {}, { timeoutMs: Infinity, maxTotalMs: Infinity });
    await vi.advanceTimersByTimeAsync(60 * 24 * 3600 * 1000);
    transport.answer(1, 'after two months');
    expect(await answered).toBe('after two months');
  });

  test('of initialize is not told, as the protocol wants it', async () => {
    vi.useFakeTimers();
    const { peer, transport } = await opened();
    const late = expect(peer.request('initialize', {}, { timeoutMs: 10, maxTotalMs: 10 })).rejects.toThrow();
    await vi.advanceTimersByTimeAsync(10);
    await late;
    expect(transport.messages).toHaveLength(1);
  });
});

describe('an abort', () => {
  test.each([[new Error('enough')], ['enough'], [{ any: 'value' }], [null]])(
    'rejects with the very reason %o, and tells the server',
    async (reason) => {
      const { peer, transport, told } = await opened();
      const controller = new AbortController();
      const aborted = expect(peer.request('a', {}, { ...patient, signal: controller.signal })).rejects.toBe(reason);
      controller.abort(reason);
      await aborted;
      expect(transport.messages[1]).toMatchObject({ method: 'notifications/cancelled', params: { requestId: 1 } });
      transport.answer(1, 'late');
      expect(told.reports).toHaveLength(1);
    },
  );

  test('before the request sends nothing', async () => {
    const { peer, transport } = await opened();
    await expect(peer.request('a', {}, { ...patient, signal: AbortSignal.abort('enough') })).rejects.toBe('enough');
    expect(transport.messages).toEqual([]);
  });

  test.each([
    ['legacy', true, ['a', 'notifications/cancelled'], true],
    ['modern', true, ['a'], true],
    ['modern', false, ['a', 'notifications/cancelled'], false],
  ] as const)('in the %s era, with a stream for each request: %s', async (era, hasStreams, methods, closesStream) => {
    const { peer, transport } = await opened(new HandTransport(hasStreams));
    peer.era = era;
    const controller = new AbortController();
    const aborted = expect(peer.request('a', {}, { ...patient, signal: controller.signal })).rejects.toThrow('enough');
    controller.abort(new Error('enough'));
    await aborted;
    expect(transport.messages.map((message) => message['method'])).toEqual(methods);
    expect(transport.sent[0]?.options?.requestSignal?.aborted ?? false).toBe(closesStream);
  });

  test('leaves no listener on a signal that thousands of calls share', async () => {
    const { peer, transport } = await opened();
    const { signal } = new AbortController();
    const calls = Array.from({ length: 5000 }, () => peer.request('a', {}, { ...patient, signal }));
    for (let id = 1; id <= 2500; id++) transport.answer(id, 'ok');
    for (let id = 2501; id <= 5000; id++) transport.fail(id, { code: 1, message: 'no' });
    await Promise.allSettled(calls);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

describe('a stream for each request', () => {
  test('that ends without an answer fails its request only', async () => {
    const { peer, transport } = await opened(new HandTransport(true));
    const [first, second] = [
      peer.request('a', {}, patient),
      peer.request('b', {}, { ...patient, headers: { x: 'y' } }),
    ];
    expect(transport.sent[1]?.options?.headers).toEqual({ x: 'y' });
    transport.sent[0]?.options?.onRequestStreamEnd?.();
    await expect(first).rejects.toMatchObject({ code: 'delivery-unknown' });
    transport.onerror?.(Object.assign(new McpError('invalid-response', 'no JSON'), { requestId: 2 }));
    await expect(second).rejects.toMatchObject({ code: 'invalid-response' });
  });

  test('is given up when the connection closes', async () => {
    const { peer, transport } = await opened(new HandTransport(true));
    const lost = expect(peer.request('a', {}, patient)).rejects.toThrow();
    await peer.close();
    await lost;
    expect(transport.sent[0]?.options?.requestSignal?.aborted).toBe(true);
  });
});

describe('the server', () => {
  test('is answered with the result of its request, or with the error', async () => {
    const { transport } = await opened(
      new HandTransport(),
      listener(async (method, params) => {
        if (method === 'ok') return params;
        if (method === 'no') throw new ProtocolError('not here', { rpcCode: -32601, data: { why: 1 } });
        throw new Error('broken');
      }),
    );
    transport.receive({ jsonrpc: '2.0', id: 'a', method: 'ok', params: { x: 1 } });
    transport.receive({ jsonrpc: '2.0', id: 0, method: 'no' });
    transport.receive({ jsonrpc: '2.0', id: 1, method: 'fail', params: [1] });
    await vi.waitFor(() => expect(transport.sent).toHaveLength(3));
    expect(transport.messages).toEqual([
      { jsonrpc: '2.0', id: 'a', result: { x: 1 } },
      { jsonrpc: '2.0', id: 0, error: { code: -32601, message: 'not here', data: { why: 1 } } },
      { jsonrpc: '2.0', id: 1, error: { code: -32603, message: 'broken' } },
    ]);
    expect(transport.sent[0]?.options).toEqual({ relatedRequestId: 'a' });
  });

  test('may take its request back, and hears no more of it', async () => {
    const signals: AbortSignal[] = [];
    const { transport } = await opened(
      new HandTransport(),
      listener(async (_method, _params, signal) => {
        signals.push(signal);
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve('too late')));
      }),
    );
    transport.receive({ jsonrpc: '2.0', id: 'a', method: 'ask' });
    transport.receive({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'b' } });
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    transport.receive({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'a' } });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    await settled(Promise.resolve());
    expect(transport.messages).toEqual([]);
  });

  test('is not told of what nobody could send it', async () => {
    const { transport, told } = await opened();
    transport.sendError = new Error('broken pipe');
    transport.receive({ jsonrpc: '2.0', id: 1, method: 'ping' });
    await vi.waitFor(() => expect(told.reports).toEqual(['transport-error: An answer to the server was not sent']));
  });

  test('has its notifications passed on, and only those with a place', async () => {
    const { transport, told } = await opened();
    transport.receive({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info' } });
    transport.receive({ jsonrpc: '2.0', method: 'notifications/odd', params: [1] });
    transport.receive({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 7 } });
    expect(told.notifications).toEqual([
      ['notifications/message', { level: 'info' }],
      ['notifications/odd', {}],
    ]);
  });

  test('may make a callback throw, and disturbs nothing by it', async () => {
    const { peer, transport, told } = await opened();
    const onProgress = (): never => {
      throw new Error('mine');
    };
    const answered = peer.request('a', {}, { ...patient, onProgress });
    transport.receive({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 1, progress: 1 } });
    transport.answer(1, 'ok');
    expect(await answered).toBe('ok');
    expect(told.reports).toEqual([expect.stringMatching(/^callback-error: .*mine/)]);
  });
});

describe('closing', () => {
  test('rejects what waits as unknown, and what comes after as not sent', async () => {
    const { peer, transport, told } = await opened();
    const waiting = expect(peer.request('a', {}, patient)).rejects.toMatchObject({ code: 'delivery-unknown' });
    await peer.close();
    await waiting;
    expect(peer.closed).toBe(true);
    const refused = { code: 'connection-closed', delivered: 'no', retryable: true };
    await expect(peer.request('b', {}, patient)).rejects.toMatchObject(refused);
    expect(transport.messages).toHaveLength(1);
    expect(told.closes).toEqual([undefined]);
  });

  test('by the other side says why, once', async () => {
    const { peer, transport, told } = await opened();
    const exited = new ServerExitedError('exited', { exitCode: 1, signal: null, stderrTail: '' });
    const waiting = expect(peer.request('a', {}, patient)).rejects.toBe(exited);
    transport.onerror?.(exited);
    transport.onclose?.();
    transport.onclose?.();
    await waiting;
    await expect(peer.request('b', {}, patient)).rejects.toBe(exited);
    expect(told.closes).toEqual([exited]);
  });

  test('rejects what waits also when the transport cannot close', async () => {
    const { peer, transport } = await opened();
    transport.close = () => Promise.reject(new Error('stuck'));
    const waiting = expect(peer.request('a', {}, patient)).rejects.toMatchObject({ code: 'delivery-unknown' });
    await expect(peer.close()).rejects.toThrow('stuck');
    await waiting;
  });

  test('takes back what is being answered', async () => {
    let given: AbortSignal | undefined;
    const { peer, transport } = await opened(
      new HandTransport(),
      listener((_method, _params, signal) => {
        given = signal;
        return new Promise(() => {});
      }),
    );
    transport.receive({ jsonrpc: '2.0', id: 1, method: 'ask' });
    await peer.close();
    expect(given?.aborted).toBe(true);
  });

  test('waits for what is under way, when it is told to', async () => {
    const { peer, transport, told } = await opened();
    const [first, second] = [peer.request('a', {}, patient), peer.request('b', {}, patient)];
    peer.closeWhenIdle();
    transport.answer(1, 'first');
    expect(await first).toBe('first');
    expect(told.closes).toEqual([]);
    transport.answer(2, 'second');
    expect(await second).toBe('second');
    await vi.waitFor(() => expect(told.closes).toEqual([undefined]));
  });

  test('closes at once when nothing is under way', async () => {
    const { peer, told } = await opened();
    peer.closeWhenIdle();
    await vi.waitFor(() => expect(told.closes).toEqual([undefined]));
  });

  test('an error that belongs to no request is reported', async () => {
    const { transport, told } = await opened();
    transport.onerror?.(new Error('odd'));
    expect(told.reports).toEqual(['transport-error: odd']);
  });

  test('a transport that cannot start is a connection that failed', async () => {
    const transport = new HandTransport();
    transport.start = () => Promise.reject(new Error('no such host'));
    await expect(new Peer(transport, listener()).open()).rejects.toMatchObject({
      code: 'connection-failed',
      message: 'no such host',
    });
  });
});
