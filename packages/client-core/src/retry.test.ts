import { describe, expect, test } from 'vitest';
import {
  DeliveryUnknownError,
  HttpError,
  McpError,
  ProtocolError,
  RateLimitError,
  SessionLostError,
} from './errors.ts';
import { isFromTheDead, isReadOnlyMethod, mayResend, reopenDelay, RetryBudget, retryDelay } from './retry.ts';

test.each([
  [1, undefined, 1, 100],
  [2, undefined, 1, 200],
  [3, undefined, 0.5, 200],
  [1, undefined, 0, 0],
  [20, undefined, 1, 20_000],
  [1, 1000, 0, 1000],
  [9, 1000, 1, 1200],
  [1, 0, 0.5, 0],
])('after attempt %i, asked for %s, with %d of the jitter, waits %i ms', (attempt, asked, share, expected) => {
  expect(retryDelay(attempt, asked, () => share)).toBe(expected);
});

test.each([
  [0, undefined, 1, 1000],
  [3, undefined, 0.5, 4000],
  [20, undefined, 1, 30_000],
  [0, undefined, 0, 0],
  [0, 3000, 0, 3000],
  [0, 3000, 0.5, 3300],
  [1, 3000, 1, 7200],
  [9, 3000, 0, 30_000],
  [9, 60_000, 0, 60_000],
  [0, 0, 0, 100],
])(
  'after %i short lives, asked for %s, with %d of the jitter, reopens in %i ms',
  (failures, asked, share, expected) => {
    expect(reopenDelay(failures, asked, () => share)).toBeCloseTo(expected);
  },
);

describe('mayResend', () => {
  const neverSent = new McpError('connection-failed', 'm', { retryable: true, delivered: 'no' });
  const badGateway = new HttpError('m', { status: 502, body: '' }, { retryable: true });
  test.each<[string, unknown, boolean, boolean]>([
    ['what was never sent', neverSent, true, true],
    ['what was refused', new RateLimitError('m', { body: '' }), true, true],
    ['what may have been executed', new DeliveryUnknownError('m'), false, true],
    ['a bad gateway', badGateway, false, true],
    ['an error of the protocol', new ProtocolError('m', { rpcCode: -32_602 }), false, false],
    ['a session that was reopened already', new SessionLostError('m'), false, false],
    ['an abort', new DOMException('m', 'AbortError'), false, false],
  ])('%s', (_title, error, anyCall, harmlessCall) => {
    expect(mayResend(error, false)).toBe(anyCall);
    expect(mayResend(error, true)).toBe(harmlessCall);
  });
});

test.each<[McpError, boolean]>([
  [new McpError('connection-failed', 'm'), true],
  [new DeliveryUnknownError('m'), true],
  [new HttpError('m', { status: 502, body: '' }), true],
  [new HttpError('m', { status: 500, body: '' }), false],
  [new RateLimitError('m', { body: '' }), false],
  [new McpError('timeout', 'm'), false],
  [new ProtocolError('m', { rpcCode: -32_602 }), false],
])('%o is from a dead server: %s', (error, expected) => {
  expect(isFromTheDead(error)).toBe(expected);
});

test.each([
  ['tools/list', true],
  ['resources/templates/list', true],
  ['prompts/get', true],
  ['resources/read', true],
  ['completion/complete', true],
  ['ping', true],
  ['server/discover', true],
  ['tools/call', false],
  ['resources/subscribe', false],
  ['logging/setLevel', false],
])('%s only reads: %s', (method, expected) => {
  expect(isReadOnlyMethod(method)).toBe(expected);
});

test('the budget allows ten repetitions, and one more for every five requests', () => {
  const budget = new RetryBudget();
  const spendAll = (): number => {
    let spent = 0;
    while (budget.spend()) spent++;
    return spent;
  };
  expect(spendAll()).toBe(10);
  for (let request = 0; request < 26; request++) budget.earn();
  expect(spendAll()).toBe(5);
});
