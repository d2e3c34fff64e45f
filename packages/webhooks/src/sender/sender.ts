import { randomUUID } from 'node:crypto';
import { WebhookError } from '../errors.ts';
import { listOfSecrets, signingKey } from '../keys.ts';
import { isMessageId } from '../message.ts';
import { readHeaders, type Message } from './attempt.ts';
import { createBudget } from './budget.ts';
import { bury, exhume } from './bury.ts';
import { systemClock } from './clock.ts';
import { createCourier, type Dropped } from './courier.ts';
import { memoryDeadLetters } from './dead-letters.ts';
import { guardedLookup, readEndpoint } from './endpoint.ts';
import { Gate, manyHeard } from './gate.ts';
import { createLanes } from './lanes.ts';
import { readLimits } from './limits.ts';
import { createPoster } from './post.ts';
import type {
  CloseOptions,
  Delivery,
  DeliveryOutcome,
  SendOptions,
  WebhookSender,
  WebhookSenderOptions,
} from './sender-types.ts';
import { tell } from './tell.ts';

/** A message that was handed over. */
interface Parcel extends Message {
  readonly orderKey?: string | undefined;
  /** It is a dead letter until it is delivered. */
  readonly isRedelivery: boolean;
}

/**
 * A sender of signed webhooks to one endpoint: a bounded queue, retries and dead letters. Throws a `WebhookError` for an
 * endpoint that nothing may be sent to, and for options that cannot be used. For Node only: elsewhere, nobody could check
 * the address that a name resolves to, or wait three days.
 */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { clock = systemClock, deadLetters = memoryDeadLetters(), random = Math.random, onAttempt } = options;
  const limits = readLimits(options);
  const { maxQueued, maxQueuedBytes, maxBodyBytes, timeoutMs } = limits;
  const secrets = listOfSecrets(options.secrets);
  for (const secret of secrets) signingKey(secret); // Throws now rather than at the first delivery.
  const url = readEndpoint(options.url, options);
  const poster = createPoster(url, { lookup: guardedLookup(url, options), timeoutMs, tls: options.tls });
  const gate = new Gate(clock);
  const ended = manyHeard();
  const headers = readHeaders(options.headers);
  const { signal } = ended;
  const carry = createCourier({ poster, secrets, headers, clock, gate, signal, random, onAttempt, ...limits });
  const inLane = createLanes();
  const queue = createBudget(maxQueued, maxQueuedBytes);
  const burials = createBudget(maxQueued, maxQueuedBytes);
  const idsInUse = new Set<string>();
  const working = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  return { send, redeliver, deadLetters, close, [Symbol.asyncDispose]: () => close() };

  function send(payload: object | string, { id = `evt_${randomUUID()}`, orderKey }: SendOptions = {}): Delivery {
    if (!isMessageId(id)) throw new WebhookError('invalid_options', `${JSON.stringify(id)} cannot be a webhook-id`);
    const body = Buffer.from(typeof payload === 'string' ? payload : toJson(payload));
    const size = body.byteLength;
    if (size <= maxBodyBytes) return accept({ id, body, orderKey, isRedelivery: false });
    throw new WebhookError('body_too_large', `The body has ${size} bytes; at most ${maxBodyBytes} are sent`);
  }

  async function redeliver(id: string): Promise<Delivery> {
    const letter = await deadLetters.get(id);
    if (letter === undefined)
      throw new WebhookError('invalid_options', `No dead letter has the id ${JSON.stringify(id)}`);
    gate.reopen();
    return accept({ id, body: Buffer.from(letter.body), orderKey: letter.orderKey, isRedelivery: true });
  }

  function accept(parcel: Parcel): Delivery {
    const { id, body } = parcel;
    if (idsInUse.has(id)) throw new WebhookError('invalid_options', `${JSON.stringify(id)} is being delivered already`);
    const stopped = closing === undefined ? gate.stopReason() : 'closed';
    const refusal = stopped ?? (queue.take(body.byteLength) ? undefined : 'queue_full');
    const finished =
      refusal === undefined ? deliver(parcel) : drop(parcel, { type: 'dropped', reason: refusal, attempts: 0 });
    working.add(finished);
    void finished.finally(() => working.delete(finished));
    return { id, finished };
  }

  async function deliver(parcel: Parcel): Promise<DeliveryOutcome> {
    const { id, body, orderKey, isRedelivery } = parcel;
    idsInUse.add(id);
    try {
      await new Promise((resolve) => setImmediate(resolve)); // Whoever made the event goes on first.
      const ending = await inLane(orderKey, () => carry(parcel));
      if (ending.type === 'dropped') return await drop(parcel, ending);
      if (isRedelivery) await exhume(id, deadLetters);
      return { id, ...ending };
    } finally {
      idsInUse.delete(id);
      queue.giveBack(body.byteLength);
    }
  }

  async function drop({ id, body, orderKey }: Parcel, { reason, attempts, status }: Dropped): Promise<DeliveryOutcome> {
    const text = Buffer.from(body).toString();
    const letter = { id, body: text, orderKey, reason, attempts, status, droppedAt: clock.now() };
    const isStored = await bury(letter, deadLetters, burials);
    const outcome = { type: 'dropped', id, reason, attempts, status, isStored } as const;
    tell(options.onDropped, outcome);
    return outcome;
  }

  function close({ graceMs = 5_000 }: CloseOptions = {}): Promise<void> {
    return (closing ??= closeIn(graceMs));
  }

  async function closeIn(graceMs: number): Promise<void> {
    gate.closeIn(graceMs);
    await quiet(graceMs);
    ended.abort();
    await quiet(graceMs); // For the store, which may be slow, but not for ever.
    poster.close();
  }

  /** Waits until nothing is on its way, but not longer than `mostMs`. */
  async function quiet(mostMs: number): Promise<void> {
    const isQuiet = new AbortController();
    const all = Promise.all(working).finally(() => isQuiet.abort());
    await Promise.race([all, clock.sleep(mostMs, isQuiet.signal)]);
  }
}

function toJson(payload: object): string {
  try {
    const text: unknown = JSON.stringify(payload); // Undefined for a function: its type leaves that out.
    if (typeof text === 'string') return text;
  } catch {
    // The cause would quote the payload.
  }
  throw new WebhookError('invalid_options', 'The event cannot be written as JSON');
}
