import { DeliveryUnknownError, McpError, ToolResult } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { AbandonedStep } from '../engine.ts';
import { makeCall, type Call } from './call.ts';
import { storedValues } from './stored-value.ts';

const never = new AbortController().signal;
const answer = new ToolResult({ content: [{ type: 'text', text: '"made"' }] });
const toolFailed = new ToolResult({ content: [{ type: 'text', text: 'API Rate Limit reached' }], isError: true });
const lost = new DeliveryUnknownError('the answer was lost');
const refused = new McpError('connection-failed', 'nobody listens', { delivered: 'no', retryable: true });
const invalid = new McpError('arguments-invalid', 'no such argument', { delivered: 'no' });
const unreadable = new McpError('invalid-response', 'no JSON-RPC', { delivered: 'yes' });

/** A call whose attempts meet these, one after the other, and whose lookups find these. */
function callThat(attempts: unknown[], lookups?: unknown[], more: Partial<Call> = {}): { call: Call; log: string[] } {
  const log: string[] = [];
  const next = async (from: unknown[]): Promise<unknown> => {
    const value = from.shift();
    if (value instanceof Error) throw value;
    return value;
  };
  const call: Call = {
    send: async () => (log.push('send'), (await next(attempts)) as ToolResult),
    lookUp: lookups && (async () => (log.push('look'), (await next(lookups)) as { result: unknown } | undefined)),
    settleMs: 0,
    keep: (result) => result.json(),
    isIdempotent: false,
    timeoutMs: 1000,
    meta: {},
    attempts: 3,
    delayMs: 1,
    passing: ['rate limit'],
    stored: storedValues([], 1000),
    onAttempt: () => {},
    onRetry: () => {},
    onLookUp: () => {},
    ...more,
  };
  return { call, log };
}

describe('a call that must not happen twice', () => {
  test.each<[string, unknown[], unknown[] | undefined, string, object]>([
    ['is made once when it is answered', [answer], [], 'send', { status: 'done', result: 'made' }],
    ['is made again when it surely was not sent', [refused, answer], undefined, 'send send', { status: 'done' }],
    [
      'is given up after three attempts',
      [refused, refused, refused],
      undefined,
      'send send send',
      { status: 'failed' },
    ],
    ['is not made again when another attempt would fare no better', [invalid], [], 'send', { status: 'failed' }],
    ['is never made again when its fate is unknown', [lost], undefined, 'send', { status: 'unknown' }],
    ['is unknown when its answer cannot be read', [unreadable], undefined, 'send', { status: 'unknown' }],
    [
      'is done when it is found',
      [lost],
      [{ result: 'found' }],
      'send look',
      { status: 'done', result: 'found', isReconciled: true },
    ],
    [
      'is made again when it is not found',
      [lost, answer],
      [undefined],
      'send look send',
      { status: 'done', result: 'made' },
    ],
    [
      'is failed when its last attempt is not found',
      [lost, lost, lost],
      [undefined, undefined, undefined],
      'send look send look send look',
      { status: 'failed' },
    ],
    [
      'is looked for again when looking fails',
      [lost],
      [lost, { result: 'found' }],
      'send look look',
      { status: 'done', result: 'found' },
    ],
    [
      'is unknown when looking goes on failing',
      [lost],
      [lost, lost, lost],
      'send look look look',
      { status: 'unknown' },
    ],
    [
      'is final when the tool says that it failed',
      [new ToolResult({ content: [], isError: true })],
      [],
      'send',
      { status: 'failed' },
    ],
    ['is made again when the tool failed in passing', [toolFailed, answer], undefined, 'send send', { status: 'done' }],
  ])('%s', async (_title, attempts, lookups, done, outcome) => {
    const { call, log } = callThat(attempts, lookups);
    expect(await makeCall(call, false, never)).toMatchObject(outcome);
    expect(log.join(' ')).toBe(done);
  });

  test.each<[string, unknown[] | undefined, string, object]>([
    ['is unknown where nothing can look for it', undefined, '', { status: 'unknown' }],
    [
      'is done where it is found',
      [{ result: 'found' }],
      'look',
      { status: 'done', result: 'found', isReconciled: true },
    ],
    ['is made where it is not found', [undefined], 'look send', { status: 'done', result: 'made' }],
  ])('that an earlier process began %s', async (_title, lookups, done, outcome) => {
    const { call, log } = callThat([answer], lookups);
    expect(await makeCall(call, true, never)).toMatchObject(outcome);
    expect(log.join(' ')).toBe(done);
  });
});

test('a call that may be repeated is made again, whatever its fate', async () => {
  const { call, log } = callThat([lost, unreadable, answer], [], { isIdempotent: true });
  expect(await makeCall(call, true, never)).toMatchObject({ status: 'done', retries: [{ waitMs: 1 }, { waitMs: 2 }] });
  expect(log).toEqual(['send', 'send', 'send']);
});

test('a result that cannot be kept is a failure that has happened', async () => {
  const keep = (): never => {
    throw new RangeError('it is too large');
  };
  const { call } = callThat([answer], [], { keep });
  const error = expect.stringContaining('The call happened, but its result cannot be kept: it is too large') as unknown;
  expect(await makeCall(call, false, never)).toEqual({ status: 'failed', error, mayHaveHappened: true });
});

test('a call that is cancelled has no outcome', async () => {
  const stop = new AbortController();
  const { call } = callThat([refused], [], { onRetry: () => stop.abort(), delayMs: 60_000 });
  await expect(makeCall(call, false, stop.signal)).rejects.toThrow(AbandonedStep);
});
