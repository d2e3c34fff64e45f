import { expect, onTestFinished, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { startEndpoint, type TestEndpoint } from '../../test-support/endpoint.ts';
import { manualClock } from '../../test-support/manual-clock.ts';
import { generateSecret } from '../secret.ts';
import { verifyWebhook } from '../verify.ts';
import { standardRetryDelays } from './schedule.ts';
import { createWebhookSender } from './sender.ts';
import type { DroppedWebhook, WebhookAttempt, WebhookSender, WebhookSenderOptions } from './sender-types.ts';

const secret = generateSecret();

/** A sender to `endpoint` that is closed when the test ends. */
function senderTo(endpoint: Pick<TestEndpoint, 'url'>, options: Partial<WebhookSenderOptions> = {}): WebhookSender {
  const sender = createWebhookSender({
    url: endpoint.url,
    secrets: secret,
    allowLoopback: true,
    random: () => 1,
    ...options,
  });
  onTestFinished(() => sender.close({ graceMs: 1 }));
  return sender;
}

test('a delivery carries both families of headers, which the official library and ours accept', async () => {
  const endpoint = await startEndpoint();
  const sender = senderTo(endpoint, { headers: { 'X-Team': 'kites' } });
  const delivery = sender.send({ hello: 'wörld 🌍' });
  expect(await delivery.finished).toEqual({ type: 'delivered', id: delivery.id, attempts: 1, status: 200 });
  const [{ headers, body } = { headers: {}, body: Buffer.of() }] = endpoint.received;
  const event = { hello: 'wörld 🌍' };
  expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(event);
  for (const schemes of [['standard'], ['mcp']] as const)
    expect(await verifyWebhook(body, headers, { secrets: secret, schemes })).toMatchObject({ event, id: delivery.id });
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'x-team': 'kites',
    'content-length': String(body.byteLength),
  });
});

test('a receiver that knows only one of two secrets accepts', async () => {
  const endpoint = await startEndpoint();
  const other = generateSecret();
  await senderTo(endpoint, { secrets: [secret, other] }).send({}).finished;
  const [{ headers, body } = { headers: {}, body: Buffer.of() }] = endpoint.received;
  for (const secrets of [secret, other]) await verifyWebhook(body, headers, { secrets });
});

test('a delivery is tried on the standard schedule: its id and body stay, its timestamp and signature are of the attempt', async () => {
  const endpoint = await startEndpoint(() => 503);
  const clock = manualClock();
  const startedAt = Math.floor(clock.now() / 1000);
  const waits: (number | undefined)[] = [];
  const onAttempt = ({ retryInMs }: WebhookAttempt): void => void waits.push(retryInMs);
  const { id, finished } = senderTo(endpoint, { clock, onAttempt }).send({ n: 1 });
  for (const _ of standardRetryDelays) await clock.next();
  expect(await finished).toEqual({
    type: 'dropped',
    id,
    reason: 'exhausted',
    attempts: 10,
    status: 503,
    isStored: true,
  });
  expect(waits).toEqual([...standardRetryDelays, undefined]);
  expect(
    new Set(endpoint.received.map(({ headers, body }) => `${String(headers['webhook-id'])} ${String(body)}`)),
  ).toEqual(new Set([`${id} {"n":1}`]));
  const sentAt = endpoint.received.map(({ headers }) => Number(headers['webhook-timestamp']) - startedAt);
  expect(sentAt).toEqual([0, 5, 305, 2105, 9305, 27_305, 63_305, 113_705, 185_705, 272_105]);
  for (const [index, { headers, body }] of endpoint.received.entries())
    await verifyWebhook(body, headers, { secrets: secret, now: () => 1000 * (startedAt + (sentAt[index] ?? 0)) });
});

test('a receiver that comes back gets the event once more, and that is all', async () => {
  const endpoint = await startEndpoint((count) => (count < 3 ? 500 : 204));
  const { finished } = senderTo(endpoint, { retryDelaysMs: [1, 1, 1] }).send({});
  expect(await finished).toMatchObject({ type: 'delivered', attempts: 3, status: 204 });
  expect(endpoint.received).toHaveLength(3);
});

test('Retry-After holds back everything for that endpoint', async () => {
  const endpoint = await startEndpoint((count) => (count === 1 ? [429, { 'Retry-After': '60' }] : 200));
  const clock = manualClock();
  const sender = senderTo(endpoint, { clock, random: () => 0 });
  const first = sender.send({});
  await expect.poll(() => clock.sleepers).toBe(1);
  const second = sender.send({});
  await expect.poll(() => clock.sleepers).toBe(2);
  await clock.advance(59_999);
  expect(endpoint.received).toHaveLength(1);
  await clock.advance(1);
  expect(await first.finished).toMatchObject({ attempts: 2 });
  expect(await second.finished).toMatchObject({ attempts: 1 });
});

test('Retry-After of a 503 is about its message: others go on', async () => {
  const endpoint = await startEndpoint((count) => (count === 1 ? [503, { 'Retry-After': '60' }] : 200));
  const clock = manualClock();
  const sender = senderTo(endpoint, { clock, random: () => 0 });
  const first = sender.send({});
  await expect.poll(() => clock.sleepers).toBe(1);
  expect(await sender.send({}).finished).toMatchObject({ attempts: 1 });
  await clock.next();
  expect(await first.finished).toMatchObject({ attempts: 2 });
});

test.each([
  [413, 'rejected', 1],
  [404, 'rejected', 2],
  [302, 'rejected', 2],
] as const)('%i is final: %s after %i', async (status, reason, attempts) => {
  const other = await startEndpoint();
  const endpoint = await startEndpoint(() => [status, { location: other.url }]);
  const sender = senderTo(endpoint, { rejectedAttempts: 2, retryDelaysMs: [1, 1, 1, 1] });
  expect(await sender.send({}).finished).toMatchObject({ type: 'dropped', reason, attempts, status });
  expect(other.received).toEqual([]);
});

test('410 ends all deliveries, those that wait too, until someone redelivers', async () => {
  const endpoint = await startEndpoint((count) => [503, 410][count - 1] ?? 200);
  const dropped: DroppedWebhook[] = [];
  const sender = senderTo(endpoint, { clock: manualClock(), onDropped: (event) => dropped.push(event) });
  const waiting = sender.send({ n: 1 });
  await expect.poll(() => endpoint.received.length).toBe(1);
  const gone = sender.send({ n: 2 });
  expect(await gone.finished).toMatchObject({ reason: 'endpoint_gone', attempts: 1, status: 410 });
  expect(await waiting.finished).toMatchObject({ reason: 'endpoint_gone', attempts: 1, status: 503 });
  expect(await sender.send({ n: 3 }).finished).toMatchObject({ reason: 'endpoint_gone', attempts: 0 });
  expect(dropped).toHaveLength(3);
  expect(endpoint.received).toHaveLength(2);

  const again = await sender.redeliver(gone.id);
  expect(await again.finished).toMatchObject({ type: 'delivered', id: gone.id });
  expect(endpoint.received.map(({ headers }) => headers['webhook-id'])).toEqual([waiting.id, gone.id, gone.id]);
  expect(await sender.deadLetters.ids()).not.toContain(gone.id);
});

test('redelivery of what nobody knows, or of what is under way, is refused', async () => {
  const endpoint = await startEndpoint((count) => (count === 1 ? 413 : undefined));
  const sender = senderTo(endpoint);
  const { id, finished } = sender.send({});
  await finished;
  await expect(sender.redeliver('evt_none')).rejects.toThrow('No dead letter has the id "evt_none"');
  await sender.redeliver(id);
  await expect(sender.redeliver(id)).rejects.toThrow('is being delivered already');
});

test('the queue is bounded in number and in bytes; what finds no place is a dead letter, and told', async () => {
  const endpoint = await startEndpoint(() => undefined);
  const dropped: DroppedWebhook[] = [];
  const options = { maxQueued: 3, maxQueuedBytes: 100, onDropped: (event: DroppedWebhook) => dropped.push(event) };
  const sender = senderTo(endpoint, options);
  const text = 'x'.repeat(60);
  const deliveries = [{ n: 1 }, { text }, { text }, { n: 3 }, { n: 4 }].map((event) => sender.send(event));
  const outcomes = await Promise.all([deliveries[2]?.finished, deliveries[4]?.finished]);
  const refused = { type: 'dropped', reason: 'queue_full', attempts: 0, isStored: true };
  expect(outcomes).toMatchObject([refused, refused]);
  expect(dropped).toEqual(outcomes);
  expect(await sender.deadLetters.ids()).toEqual(outcomes.map((outcome) => outcome?.id));
});

test('a hundred thousand events for a silent endpoint stay within the bounds', async () => {
  const endpoint = await startEndpoint(() => undefined);
  let refused = 0;
  const sender = senderTo(endpoint, { onDropped: () => (refused += 1) });
  for (let count = 0; count < 100_000; count += 1) sender.send('{}');
  await expect.poll(() => refused).toBe(99_000);
  expect(await sender.deadLetters.ids()).toHaveLength(1_000);
});

test('what is not JSON, is too large or has an id that cannot be sent is refused at once', async () => {
  const sender = senderTo({ url: 'http://127.0.0.1:9/' }, { maxBodyBytes: 10 });
  const circular: { self?: unknown } = {};
  circular.self = circular;
  expect(() => sender.send(circular)).toThrow('cannot be written as JSON');
  expect(() => sender.send(() => 1)).toThrow('cannot be written as JSON');
  expect(() => sender.send({ long: 'text' })).toThrow(expect.objectContaining({ code: 'body_too_large' }) as Error);
  for (const id of ['', 'a.b', 'a,b', 'a\nb', 'x'.repeat(257)])
    expect(() => sender.send({}, { id })).toThrow('cannot be a webhook-id');
});

test.each<[what: string, options: Partial<WebhookSenderOptions>, says: string]>([
  ['no secret', { secrets: [] }, 'secrets must hold a secret'],
  ['a short secret', { secrets: 'whsec_c2hvcnQ=' }, 'it needs 24 to 64'],
  ['no place for an attempt', { concurrency: 0 }, 'concurrency must be a whole number, at least 1'],
  ['a queue without end', { maxQueued: Infinity }, 'maxQueued must be a whole number'],
  ['a delay that is no number', { retryDelaysMs: [1, Number.NaN] }, 'retryDelaysMs must be a list of milliseconds'],
  ['a line break in a header', { headers: { 'x-team': 'a\r\nb: canary' } }, 'The header "x-team" cannot be sent'],
])('%s is refused when the sender is made', async (_what, options, says) => {
  expect(() => senderTo({ url: 'http://127.0.0.1:9/' }, options)).toThrow(says);
});

test('events with the same key arrive in order, though the first needs three attempts; others overtake them', async () => {
  const failing = new Map([['a1', 2]]);
  const endpoint = await startEndpoint((count) => {
    const event = String(endpoint.received[count - 1]?.body);
    const left = failing.get(event) ?? 0;
    failing.set(event, left - 1);
    return left > 0 ? 503 : 200;
  });
  const sender = senderTo(endpoint, { retryDelaysMs: [30, 30, 30] });
  const sends = ['a1', 'a2', 'b1', 'a3'].map((name) => sender.send(name, { orderKey: name.slice(0, 1) }));
  await Promise.all(sends.map(({ finished }) => finished));
  const arrived = endpoint.received.map(({ body }) => String(body));
  expect(arrived.filter((name) => name.startsWith('a'))).toEqual(['a1', 'a1', 'a1', 'a2', 'a3']);
  expect(arrived.indexOf('b1')).toBeLessThan(arrived.lastIndexOf('a1'));
});

test('an event of a key that is given up lets the next one go', async () => {
  const endpoint = await startEndpoint((count) => (count === 1 ? 413 : 200));
  const sender = senderTo(endpoint);
  sender.send('{"n":1}', { orderKey: 'a' });
  expect(await sender.send('{"n":2}', { orderKey: 'a' }).finished).toMatchObject({ type: 'delivered' });
});

test('many messages wait, and many attempts run, without a warning of Node', async () => {
  const warnings: Error[] = [];
  const listener = (warning: Error): void => void warnings.push(warning);
  process.on('warning', listener);
  onTestFinished(() => void process.off('warning', listener));
  const refused = new Set<unknown>();
  const endpoint = await startEndpoint((_count, { req }) => {
    const id = req.headers['webhook-id'];
    if (refused.has(id)) return undefined;
    refused.add(id);
    return 503;
  });
  const sender = senderTo(endpoint, { concurrency: 50, retryDelaysMs: [20] });
  for (let count = 0; count < 50; count += 1) sender.send({});
  await expect.poll(() => endpoint.received.length).toBe(100);
  await sender.close({ graceMs: 1 });
  expect(warnings).toEqual([]);
});

test('no more attempts run at once than allowed', async () => {
  let running = 0;
  let most = 0;
  const endpoint = await startEndpoint((_count, response) => {
    most = Math.max(most, (running += 1));
    setTimeout(() => {
      running -= 1;
      response.end();
    }, 10);
    return undefined;
  });
  const sender = senderTo(endpoint, { concurrency: 3 });
  await Promise.all(Array.from({ length: 12 }, () => sender.send({}).finished));
  expect(most).toBe(3);
});

test('close delivers what is due in time, and makes dead letters of the rest', async () => {
  const endpoint = await startEndpoint((count) => (count === 1 ? 503 : 200));
  const clock = manualClock();
  const sender = senderTo(endpoint, { clock });
  const waiting = sender.send({ n: 1 });
  await expect.poll(() => clock.sleepers).toBe(1);
  const due = sender.send({ n: 2 });
  await sender.close({ graceMs: 1_000 });
  expect(await due.finished).toMatchObject({ type: 'delivered' });
  expect(await waiting.finished).toMatchObject({ reason: 'closed', attempts: 1, isStored: true });
  expect(await sender.send({ n: 3 }).finished).toMatchObject({ reason: 'closed', attempts: 0, isStored: true });
});

test('close waits for a retry that is due within its grace', async () => {
  const endpoint = await startEndpoint((count) => (count === 1 ? 503 : 200));
  const sender = senderTo(endpoint, { retryDelaysMs: [50] });
  const { finished } = sender.send({});
  await expect.poll(() => endpoint.received.length).toBe(1);
  await sender.close();
  expect(await finished).toMatchObject({ type: 'delivered', attempts: 2 });
});

test('close is bounded: an endpoint that never answers, and a store that never ends', async () => {
  const endpoint = await startEndpoint(() => undefined);
  const deadLetters = { put: () => new Promise<void>(() => {}), get: () => undefined, ids: () => [], delete: () => {} };
  const sender = senderTo(endpoint, { deadLetters });
  sender.send({});
  await expect.poll(() => endpoint.received.length).toBe(1);
  await sender.close({ graceMs: 50 });
});

test('an attempt that close cuts off is closed, not exhausted', async () => {
  const endpoint = await startEndpoint(() => undefined);
  const sender = senderTo(endpoint, { retryDelaysMs: [] });
  const { finished } = sender.send({});
  await expect.poll(() => endpoint.received.length).toBe(1);
  await sender.close({ graceMs: 10 });
  expect(await finished).toMatchObject({ reason: 'closed', attempts: 1, isStored: true });
});

test('an endpoint that never answers costs an attempt after the time for one', async () => {
  const endpoint = await startEndpoint(() => undefined);
  const attempts: WebhookAttempt[] = [];
  const onAttempt = (attempt: WebhookAttempt): void => void attempts.push(attempt);
  const { finished } = senderTo(endpoint, { timeoutMs: 50, retryDelaysMs: [], onAttempt }).send({});
  expect(await finished).toMatchObject({ reason: 'exhausted', attempts: 1, status: undefined });
  expect(attempts).toMatchObject([{ failure: { code: 'ETIMEDOUT', message: 'No answer within 50 ms' } }]);
});

test('the status counts, whatever becomes of the rest of the answer', async () => {
  const endpoint = await startEndpoint((count, response) => {
    response.writeHead(200, { 'content-length': 10_000_000 });
    if (count === 1) response.write('x', () => response.destroy());
    else response.write(Buffer.alloc(200_000)); // More than is read, and then silence.
    return undefined;
  });
  const sender = senderTo(endpoint, { concurrency: 1 });
  for (let count = 0; count < 3; count += 1) expect(await sender.send({}).finished).toMatchObject({ status: 200 });
});

test('listeners that throw, and a store that fails, break nothing', async () => {
  const endpoint = await startEndpoint((count) => (count === 1 ? 413 : 200));
  const fail = (): never => {
    throw new Error('disk full');
  };
  const deadLetters = { put: fail, get: () => undefined, ids: () => [], delete: fail };
  const sender = senderTo(endpoint, { deadLetters, onAttempt: fail, onDropped: fail });
  expect(await sender.send({}).finished).toMatchObject({ reason: 'rejected', isStored: false });
  expect(await sender.send({}).finished).toMatchObject({ type: 'delivered' });
});

test('neither the URL’s secrets nor ours are in what is reported', async () => {
  const told: unknown[] = [];
  const tell = (event: unknown): void => void told.push(event);
  const url = 'http://127.0.0.1:1/hook?token=canary';
  await senderTo({ url }, { retryDelaysMs: [], onAttempt: tell, onDropped: tell }).send({}).finished;
  expect(JSON.stringify(told)).toContain('ECONNREFUSED');
  expect(JSON.stringify(told)).not.toMatch(/canary|whsec/);
});
