import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions, McpClient } from '@toolwire/client-core';
import type { Faults } from '@toolwire/testing';
import * as fc from 'fast-check';

const bytes = fc.nat(2000);
const countedBytes = fc.constantFrom('answers', 'requests');

/** What may be wrong with one connection over a network. */
export const connectionFaults: fc.Arbitrary<Faults> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: fc.record({ latencyMs: fc.nat(40), jitterMs: fc.nat(40) }) },
  { weight: 2, arbitrary: fc.record({ sliceBytes: fc.integer({ min: 1, max: 50 }) }) },
  { weight: 2, arbitrary: fc.record({ resetAfterBytes: bytes, countedBytes, sliceBytes: fc.constant(200) }) },
  { weight: 2, arbitrary: fc.record({ finAfterBytes: bytes, countedBytes }) },
  { weight: 2, arbitrary: fc.constantFrom<Faults>({ silence: true }, { silence: 'answers' }, { maxConnections: 0 }) },
);

/** What may go wrong with everything at once: how long after the thing before it, and for how long. */
export const calamities: fc.Arbitrary<readonly Calamity[]> = fc.array(
  fc.record({
    what: fc.constantFrom('reset', 'refusal', 'crash'),
    afterMs: fc.nat(400),
    forMs: fc.nat(300),
  }),
  { maxLength: 3 },
);

export interface Calamity {
  what: 'reset' | 'refusal' | 'crash';
  afterMs: number;
  forMs: number;
}

const pipeFaults = fc.record(
  {
    sliceBytes: fc.integer({ min: 1, max: 50 }),
    dieAfterBytes: fc.nat(4000),
    silentAfterBytes: fc.nat(4000),
    noise: fc.constantFrom('a log line\n', '\uFEFF', '{"level":"info"}\n', 'a log line without an end: '),
  },
  { requiredKeys: [] },
);

/** What may be wrong with the pipes of one server process. */
export const processFaults: fc.Arbitrary<object> = fc.oneof(
  fc.record({ answers: pipeFaults }),
  fc.record({ requests: fc.record({ sliceBytes: fc.integer({ min: 1, max: 50 }), dieAfterBytes: fc.nat(4000) }) }),
);

/** How each kind of call is made, and what its answer is; only `act` must not be done twice. */
const verbs = {
  act: {
    send: async (client: McpClient, key: string, waitMs: number, options: CallOptions) =>
      (await client.callTool('act', { key, waitMs }, options)).text(),
    answer: (key: string) => `did ${key}`,
  },
  look: {
    send: async (client: McpClient, key: string, waitMs: number, options: CallOptions) =>
      (await client.callTool('look', { key, waitMs }, { ...options, idempotent: true })).text(),
    answer: (key: string) => `saw ${key}`,
  },
  read: {
    send: async (client: McpClient, key: string, _waitMs: number, options: CallOptions) =>
      JSON.stringify((await client.readResource(`echo://${key}`, options)).contents),
    answer: (key: string) => JSON.stringify([{ uri: `echo://${key}`, text: key }]),
  },
  list: {
    send: async (client: McpClient, _key: string, _waitMs: number, options: CallOptions) =>
      (await client.listTools(options)).map(({ name }) => name).join(' '),
    answer: () => 'act look',
  },
};

/** One call: when it is made, how long the server takes for it, and how long the caller waits. */
export interface Call {
  verb: keyof typeof verbs;
  afterMs: number;
  waitMs: number;
  timeoutMs: number;
  maxTotalMs: number;
}

export const calls: fc.Arbitrary<readonly Call[]> = fc.array(
  fc.record({
    verb: fc.constantFrom('act', 'act', 'look', 'read', 'list'),
    afterMs: fc.nat(800),
    waitMs: fc.oneof(fc.constant(0), fc.nat(80)),
    timeoutMs: fc.integer({ min: 100, max: 800 }),
    maxTotalMs: fc.integer({ min: 300, max: 2000 }),
  }),
  { minLength: 30, maxLength: 80 },
);

/** What came of a call. */
export interface Outcome extends Call {
  key: string;
  expected: string;
  answer: string | undefined;
  error: unknown;
  /** How long after its deadline it ended, by a timer that was as late as the client's. */
  lateMs: number;
}

/** Makes a call when its time has come; `key` names its effect. */
export async function outcomeOf(client: McpClient, call: Call, key: string): Promise<Outcome> {
  const { verb, afterMs, waitMs, timeoutMs, maxTotalMs } = call;
  const { send, answer: expected } = verbs[verb];
  await sleep(afterMs);
  let deadlineAt = Infinity;
  const deadline = setTimeout(() => (deadlineAt = performance.now()), maxTotalMs);
  const settled = await send(client, key, waitMs, { timeoutMs, maxTotalMs }).then(
    (answer) => ({ answer, error: undefined }),
    (error: unknown) => ({ answer: undefined, error }),
  );
  clearTimeout(deadline);
  const lateMs = Math.max(performance.now() - deadlineAt, 0);
  return { ...call, ...settled, key, expected: expected(key), lateMs };
}
