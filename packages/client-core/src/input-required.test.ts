import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Handlers } from './handlers.ts';
import { completeRounds, isInputRequired, type PausedCall } from './input-required.ts';
import type { JsonObject } from './protocol/jsonrpc.ts';

afterEach(() => void vi.useRealTimers());

const done = { resultType: 'complete', content: [] };
const ask = (key: string): JsonObject => ({ method: 'elicitation/create', params: { message: key } });
const required = (fields: JsonObject): JsonObject => ({ resultType: 'input_required', ...fields });
const handlers: Handlers = {
  elicitation: ({ message }) => ({ action: 'accept', content: { said: message } }),
  roots: [{ uri: 'file:///a' }],
};
const answered = (message: string): JsonObject => ({ action: 'accept', content: { said: message } });

/** Takes a call through the rounds that these results make of it. */
function complete(
  results: readonly unknown[],
  options: { handlers?: Handlers; call?: Partial<PausedCall> } = {},
): { sent: JsonObject[]; outcome: Promise<unknown> } {
  const sent: JsonObject[] = [];
  const [first, ...further] = results;
  const call: PausedCall = {
    method: 'tools/call',
    params: { name: 'a' },
    finalAt: Date.now() + 60_000,
    signal: undefined,
    ask: async (params) => {
      sent.push(params);
      return further[Math.min(sent.length, further.length) - 1];
    },
    ...options.call,
  };
  return { sent, outcome: completeRounds(call, first as JsonObject, options.handlers ?? handlers) };
}

describe('a round', () => {
  test('answers every question, and asks again with the state as it was', async () => {
    const requestState = ' {"n":1.0}\u0000é== ';
    const questions = { one: ask('one'), two: { method: 'roots/list' } };
    const { sent, outcome } = complete([required({ inputRequests: questions, requestState }), done]);
    expect(await outcome).toEqual({ ...done, ttlMs: 0 });
    expect(sent).toEqual([
      {
        name: 'a',
        inputResponses: { one: answered('one'), two: { roots: [{ uri: 'file:///a' }] } },
        requestState,
      },
    ]);
  });

  test('says nothing of a state that was not given, nor of the answers of the round before', async () => {
    const { sent, outcome } = complete([
      required({ inputRequests: { one: ask('one') }, requestState: 's1' }),
      required({ inputRequests: { two: ask('two') } }),
      required({ requestState: 's3' }),
      done,
    ]);
    await outcome;
    expect(sent).toEqual([
      { name: 'a', inputResponses: { one: answered('one') }, requestState: 's1' },
      { name: 'a', inputResponses: { two: answered('two') } },
      { name: 'a', requestState: 's3' },
    ]);
  });

  test('is one of at most 16', async () => {
    const { sent, outcome } = complete([required({ requestState: 's' }), required({ requestState: 's' })]);
    await expect(outcome).rejects.toMatchObject({ code: 'invalid-response', message: expect.stringContaining('16') });
    expect(sent).toHaveLength(16);
  });

  test('without any question is an error', async () => {
    await expect(complete([required({}), done]).outcome).rejects.toMatchObject({ code: 'invalid-response' });
  });

  test('with a question that nobody here handles fails as the handler does', async () => {
    const question = required({ inputRequests: { one: { method: 'sampling/createMessage' } } });
    await expect(complete([question, done]).outcome).rejects.toMatchObject({ rpcCode: -32601 });
    for (const odd of [null, {}, 'text']) {
      const { outcome } = complete([required({ inputRequests: { one: odd } }), done]);
      await expect(outcome).rejects.toMatchObject({ code: 'protocol-error' });
    }
  });
});

describe('a question that nobody answers', () => {
  const open = required({ inputRequests: { one: ask('one') } });
  const waiting = (): { signals: AbortSignal[]; handlers: Handlers } => {
    const signals: AbortSignal[] = [];
    return { signals, handlers: { elicitation: (_params, { signal }) => new Promise(() => signals.push(signal)) } };
  };

  test('ends with an abort of the call', async () => {
    const { signals, handlers: silent } = waiting();
    const controller = new AbortController();
    const { outcome } = complete([open, done], { handlers: silent, call: { signal: controller.signal } });
    const aborted = expect(outcome).rejects.toBe('enough');
    controller.abort('enough');
    await aborted;
    expect(signals.map(({ aborted: isAborted }) => isAborted)).toEqual([true]);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  test('ends with the time of the call', async () => {
    vi.useFakeTimers();
    const { signals, handlers: silent } = waiting();
    const { outcome } = complete([open, done], { handlers: silent, call: { finalAt: Date.now() + 5000 } });
    const late = expect(outcome).rejects.toMatchObject({ code: 'timeout' });
    await vi.advanceTimersByTimeAsync(5000);
    await late;
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('does not outlive a signal that had aborted before it came', async () => {
    const { outcome } = complete([open, done], { ...waiting(), call: { signal: AbortSignal.abort('enough') } });
    await expect(outcome).rejects.toBe('enough');
  });
});

test('a call that was completed leaves no timer and no listener', async () => {
  vi.useFakeTimers();
  const { signal } = new AbortController();
  await complete([required({ requestState: 's' }), done], { call: { signal } }).outcome;
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test.each([
  ['tools/call', required({}), true],
  ['prompts/get', required({}), true],
  ['resources/read', required({}), true],
  ['tools/call', done, false],
  ['tools/call', {}, false],
  ['tools/call', null, false],
  ['tools/list', done, false],
])('%s with the result %j needs input: %s', (method, result, expected) => {
  expect(isInputRequired(method, result)).toBe(expected);
});

test.each([
  ['tools/call', { resultType: 'later' }],
  ['tools/call', { resultType: null }],
  ['tools/list', required({})],
])('%s with the result %j is an error', (method, result) => {
  expect(() => isInputRequired(method, result)).toThrow(expect.objectContaining({ code: 'invalid-response' }));
});

test('an unknown type of result is quoted in part', () => {
  const short = expect.objectContaining({ message: expect.stringMatching(/^.{1,300}$/) as string });
  expect(() => isInputRequired('tools/call', { resultType: 'x'.repeat(5000) })).toThrow(short);
});
