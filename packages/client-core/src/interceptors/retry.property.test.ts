import * as fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { newCounters } from '../counters.ts';
import { DeliveryUnknownError, HttpError, McpError, ProtocolError, RateLimitError } from '../errors.ts';
import { retry } from './retry.ts';

beforeAll(() => import('p-retry')); // Loaded at the first failure: real time, which fake timers do not wait for.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What may come of one attempt. */
const failures: Record<string, () => Error> = {
  unreachable: () => new McpError('connection-failed', 'down', { retryable: true, delivered: 'no' }),
  refused: () => new RateLimitError('busy', { body: '' }),
  refusedFor: () => new RateLimitError('busy', { body: '', retryAfterMs: 700 }),
  cut: () => new DeliveryUnknownError('cut'),
  unavailable: () => new HttpError('503', { status: 503, body: '' }, { retryable: true }),
  final: () => new ProtocolError('no such tool', { rpcCode: -32_602 }),
};
const outcome = fc.constantFrom('answer', ...Object.keys(failures));

const fields = {
  outcomes: fc.array(outcome, { maxLength: 12 }),
  method: fc.constantFrom('tools/call', 'tools/list'),
  startsAfterMs: fc.nat(400),
  maxTotalMs: fc.integer({ min: 1, max: 5000 }),
  most: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
};
const call = fc.record(fields);
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

type Call = typeof call extends fc.Arbitrary<infer Value> ? Value : never;

/** One attempt: what came of it, and when it began, in milliseconds after its call. */
interface Attempt {
  outcome: string;
  atMs: number;
}

/** Runs all calls through one interceptor, as one client does, on a fake clock. */
async function run(
  calls: readonly Call[],
  random: number,
): Promise<{ asked: Call; attempts: Attempt[]; result: unknown }[]> {
  const limits = { attempts: 3, connectTimeoutMs: 3000, maxTotalMs: 600_000 };
  const again = retry({ ...limits, random: () => random, counters: newCounters() });
  const results = calls.map(async (asked) => {
    const { outcomes, method, startsAfterMs, maxTotalMs, most } = asked;
    await sleep(startsAfterMs);
    const startedAt = Date.now();
    const attempts: Attempt[] = [];
    const send = again(async () => {
      const name = outcomes[attempts.length] ?? 'answer';
      attempts.push({ outcome: name, atMs: Date.now() - startedAt });
      const failure = failures[name];
      if (failure !== undefined) throw failure();
      return 'answer';
    });
    const options = { maxTotalMs, ...(most !== undefined && { attempts: most }) };
    return { asked, attempts, result: await send({ method, params: {}, options }).catch((error: unknown) => error) };
  });
  await vi.runAllTimersAsync();
  return Promise.all(results);
}

const heard = ({ outcome: name }: Attempt): boolean => name !== 'unreachable';
/** The server may have executed the call. */
const mayHaveActed = ({ outcome: name }: Attempt): boolean => name === 'cut' || name === 'unavailable';

test('whatever fails, no call takes more attempts or time than it may, and none acts twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 40 }), share, async (calls, random) => {
      for (const { asked, attempts, result } of await run(calls, random)) {
        const { method, maxTotalMs, most = 3 } = asked;
        if (attempts.at(-1)?.outcome === 'answer') expect(result).toBe('answer');
        else expect(result).toMatchObject({ attempts: attempts.length });
        expect(attempts.filter(heard).length).toBeLessThanOrEqual(most);
        for (const { atMs } of attempts.slice(1)) expect(atMs).toBeLessThan(maxTotalMs);
        const repeated = attempts.slice(0, -1);
        expect(repeated.map((attempt) => attempt.outcome)).not.toContain('final');
        if (method === 'tools/call') expect(repeated.filter(mayHaveActed)).toEqual([]);
      }
    }),
    { numRuns: 200 },
  );
});

test('whatever fails, a server hears at most ten repetitions, and one more for every five calls', async () => {
  const failing = fc.array(
    fc.record({ ...fields, outcomes: fc.constant(Array.from({ length: 40 }, () => 'refused')) }),
    { minLength: 1, maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.array(call), failing), share, async (calls, random) => {
      const results = await run(calls, random);
      // What nobody heard storms nobody.
      const repetitions = results.flatMap(({ attempts }) => attempts.slice(0, -1).filter(heard));
      expect(repetitions.length).toBeLessThanOrEqual(10 + calls.length / 5);
    }),
    { numRuns: 200 },
  );
});

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
