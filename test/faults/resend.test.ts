import { connect, type CallOptions, type McpClient } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { startRawHttpServer, type Answer } from '../servers/raw-http-server.ts';
import { withSlack } from './fault-server.ts';

const answered: Record<string, Answer> = {
  'tools/list': ({ result }) => result({ tools: [{ name: 'pay', inputSchema: { type: 'object' } }] }),
  'tools/call': ({ result }) => result({ content: [{ type: 'text', text: 'paid' }] }),
};

const refuse =
  (status: number, headers: Record<string, string> = {}, body = 'not now'): Answer =>
  ({ response }) =>
    void response.writeHead(status, headers).end(body);

const reset: Answer = ({ request }) => void request.socket.resetAndDestroy();

/** What came of one call to a server whose answer to it fails with `faults`, one after the other, before it is right. */
interface Outcome {
  sent: number;
  waitedMs: number;
  answer: unknown;
}

const read = async (client: McpClient, options: CallOptions): Promise<unknown> =>
  (await client.listTools(options)).map(({ name }) => name);
const pay = async (client: McpClient, options: CallOptions): Promise<unknown> =>
  (await client.callTool('pay', {}, options)).text();

async function outcomeOf(ask: typeof read, faults: readonly Answer[], options: CallOptions = {}): Promise<Outcome> {
  const method = ask === read ? 'tools/list' : 'tools/call';
  const left = [...faults];
  const answer: Answer = (exchange) => (left.shift() ?? answered[method])?.(exchange);
  await using server = await startRawHttpServer({ ...answered, [method]: answer });
  await using client = await connect(server.url, { protocolVersion: '2025-11-25' });
  const start = Date.now();
  const settled = await ask(client, options).catch((error: unknown) => error);
  const sent = server.requests.filter((request) => request.method === method).length;
  return { sent, waitedMs: Date.now() - start, answer: settled };
}

const executedOnce = { sent: 1, answer: { delivered: 'unknown' } };

describe.concurrent('row 17: too many requests', () => {
  test('a call waits as long as the server asks, and is answered', async () => {
    const outcome = await outcomeOf(pay, [refuse(429, { 'retry-after': '1' })]);
    expect(outcome).toMatchObject({ sent: 2, answer: 'paid' });
    expect(outcome.waitedMs).toBeGreaterThanOrEqual(1000);
    expect(outcome.waitedMs).toBeLessThan(withSlack(1200));
  });

  test.each([
    { said: 'RateLimit-Reset', headers: { 'ratelimit-reset': '1' }, body: '' },
    { said: 'retry_after in the body', headers: {}, body: '{"error":"slow down","retry_after":1}' },
    { said: 'reset_in_seconds in the body', headers: {}, body: '{"reset_in_seconds":1}' },
  ])('without Retry-After, $said says how long', async ({ headers, body }) => {
    const outcome = await outcomeOf(pay, [refuse(429, headers, body)]);
    expect(outcome).toMatchObject({ sent: 2, answer: 'paid' });
    expect(outcome.waitedMs).toBeGreaterThanOrEqual(1000);
  });

  test('a wait past the deadline fails at once', async () => {
    const outcome = await outcomeOf(pay, [refuse(429, { 'retry-after': '900' })], { maxTotalMs: 60_000 });
    expect(outcome).toMatchObject({ sent: 1, answer: { code: 'rate-limited', retryAfterMs: 900_000 } });
    expect(outcome.waitedMs).toBeLessThan(withSlack(0));
  });

  test('without a time, it waits on its own', async () => {
    expect(await outcomeOf(pay, [refuse(429), refuse(429)])).toMatchObject({ sent: 3, answer: 'paid' });
  });
});

describe.concurrent('row 18: a server that is unavailable', () => {
  test('answers any call in the end when it says when to come back', async () => {
    const busy = refuse(503, { 'retry-after': '0' });
    expect(await outcomeOf(pay, [busy, busy])).toMatchObject({ sent: 3, answer: 'paid' });
  });

  test('without a time, only what reads is sent again', async () => {
    expect(await outcomeOf(read, [refuse(503), refuse(503)])).toMatchObject({ sent: 3, answer: ['pay'] });
    expect(await outcomeOf(pay, [refuse(503)])).toMatchObject(executedOnce);
  });

  test('that would be back after the deadline is an error at once', async () => {
    const outcome = await outcomeOf(pay, [refuse(503, { 'retry-after': '2' })], { maxTotalMs: 1900 });
    expect(outcome).toMatchObject({ sent: 1, answer: { status: 503, retryAfterMs: 2000 } });
    expect(outcome.waitedMs).toBeLessThan(withSlack(0));
  });

  test('three times in a row is an error that says so', async () => {
    const outcome = await outcomeOf(read, [refuse(503), refuse(503), refuse(503)]);
    expect(outcome).toMatchObject({ sent: 3, answer: { code: 'http-error', status: 503, attempts: 3 } });
  });
});

describe.concurrent('row 26: a connection that is reset', () => {
  test('costs a read nothing, and a call that acts is never sent twice', async () => {
    const outcome = await outcomeOf(read, [reset]);
    expect(outcome).toMatchObject({ sent: 2, answer: ['pay'] });
    expect(outcome.waitedMs).toBeLessThan(withSlack(100));
    expect(await outcomeOf(pay, [reset])).toMatchObject(executedOnce);
  });

  test('a call that the caller marks idempotent is sent again', async () => {
    expect(await outcomeOf(pay, [reset], { idempotent: true })).toMatchObject({ sent: 2, answer: 'paid' });
  });
});

test('attempts: 1 never sends again', async () => {
  expect(await outcomeOf(read, [refuse(503)], { attempts: 1 })).toMatchObject({ sent: 1, answer: { status: 503 } });
});

test.concurrent.each([408, 425])('HTTP %i: it was not executed, and any call is sent again', async (status) => {
  expect(await outcomeOf(pay, [refuse(status)])).toMatchObject({ sent: 2, answer: 'paid' });
});

const internalError: Answer = ({ message, json }) =>
  json({ jsonrpc: '2.0', id: message.id, error: { code: -32_603, message: 'Internal error' } });

test.concurrent.each([
  { name: 'HTTP 500', answer: refuse(500) },
  { name: 'HTTP 502', answer: refuse(502) },
  { name: 'HTTP 504', answer: refuse(504) },
  { name: 'the error -32603', answer: internalError },
])('$name: it may have been executed, and only a read is sent again', async ({ answer }) => {
  expect(await outcomeOf(read, [answer])).toMatchObject({ sent: 2, answer: ['pay'] });
  expect(await outcomeOf(pay, [answer])).toMatchObject(executedOnce);
});

test.concurrent.each([400, 403, 404, 405, 413, 415, 422, 501])('HTTP %i is final', async (status) => {
  expect(await outcomeOf(read, [refuse(status)])).toMatchObject({ sent: 1 });
});
