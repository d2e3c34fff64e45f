import { expect, test } from 'vitest';
import { CircuitOpenError, HttpError, McpError, ProtocolError, RateLimitError } from '../errors.ts';
import type { RequestHandler } from '../interceptor.ts';
import { circuitBreaker } from './circuit-breaker.ts';

const request = { method: 'tools/call', params: { name: 'a' }, options: {} };
const dead = (): McpError => new McpError('connection-failed', 'nothing listens', { delivered: 'no' });

/** A breaker before a server whose answer `state.outcome` is, on a clock that stands still. */
function breaker(): { call: () => Promise<unknown>; state: { outcome: unknown; sent: number; now: number } } {
  const state = { outcome: 'answer' as unknown, sent: 0, now: 0 };
  const server: RequestHandler = () => {
    state.sent++;
    return state.outcome instanceof Error ? Promise.reject(state.outcome) : Promise.resolve(state.outcome);
  };
  const handler = circuitBreaker({ failures: 3, restMs: 1000, now: () => state.now })(server);
  return { call: () => handler(request).catch((error: unknown) => error), state };
}

test('leaves a server alone after so many calls in a row that found it dead, and says when it may be tried', async () => {
  const { call, state } = breaker();
  state.outcome = dead();
  for (let count = 0; count < 3; count++) expect(await call()).toBe(state.outcome);
  state.now = 400;
  const refusal = await call();
  expect(refusal).toBeInstanceOf(CircuitOpenError);
  expect(refusal).toMatchObject({ code: 'circuit-open', delivered: 'no', retryable: true, retryAfterMs: 600 });
  expect(refusal).toHaveProperty('message', expect.stringContaining('nothing listens'));
  expect(refusal).toHaveProperty('cause', state.outcome);
  expect(state.sent).toBe(3);
});

test('lets one call try it then, and all others when that succeeds', async () => {
  const { call, state } = breaker();
  state.outcome = dead();
  for (let count = 0; count < 3; count++) await call();
  state.now = 1000;
  const [first, second] = await Promise.all([call(), call()]);
  expect(first).toBe(state.outcome);
  expect(second).toBeInstanceOf(CircuitOpenError);
  state.outcome = 'answer';
  expect(await call()).toBeInstanceOf(CircuitOpenError); // The trial failed: another rest.
  state.now = 2000;
  expect(await call()).toBe('answer');
  expect(await call()).toBe('answer');
  expect(state.sent).toBe(6);
});

test('calls that fail together count once: they met the same death', async () => {
  const { call, state } = breaker();
  state.outcome = dead();
  for (let count = 0; count < 2; count++) await Promise.all(Array.from({ length: 50 }, call));
  state.outcome = 'answer';
  expect(await call()).toBe('answer');
});

test.each<[string, McpError]>([
  ['an error of the protocol', new ProtocolError('m', { rpcCode: -32_602 })],
  ['a refusal for too many requests', new RateLimitError('m', { body: '' })],
  ['an HTTP 500', new HttpError('m', { status: 500, body: '' })],
])('%s is an answer, and no sign of death', async (_title, outcome) => {
  const { call, state } = breaker();
  for (const next of [dead(), dead(), outcome, dead(), dead()]) {
    state.outcome = next;
    expect(await call()).toBe(next);
  }
  state.outcome = 'answer';
  expect(await call()).toBe('answer');
});

test('a timeout or an abort says nothing: neither counts, nor ends the count', async () => {
  const { call, state } = breaker();
  for (const next of [dead(), new McpError('timeout', 'm'), dead(), new DOMException('m', 'AbortError'), dead()]) {
    state.outcome = next;
    expect(await call()).toBe(next);
  }
  expect(await call()).toBeInstanceOf(CircuitOpenError);
});
