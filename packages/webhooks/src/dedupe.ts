import type { Claim } from './claim.ts';
import { toHex } from './encoding.ts';
import { WebhookError } from './errors.ts';
import { fieldOf } from './payload.ts';
import { concat } from './platform.ts';
import type { Awaitable } from './types.ts';

/** Remembers deliveries, so that each is handled once; shared by all processes that receive for one endpoint. */
export interface DedupeStore {
  /**
   * Takes `key` for `ttlMs`, atomically: `claimed`; or `pending` while another delivery has it, `done` once that was
   * handled. A claim that is neither done nor released ends by itself, so that a crash loses nothing.
   */
  claim(key: string, ttlMs: number): Awaitable<'claimed' | 'pending' | 'done'>;
  /** The delivery was handled: `claim` answers `done` for the next `ttlMs`. */
  done(key: string, ttlMs: number): Awaitable<void>;
  /** The delivery failed: the next one may claim the key. */
  release(key: string): Awaitable<void>;
}

export interface DedupeOptions {
  readonly store: DedupeStore;
  readonly ttlMs: number;
  readonly claimMs: number;
  /** Told of a store that fails when the outcome stands already. */
  readonly report: (error: WebhookError) => void;
}

/** Runs `work` unless it was done before under `key`; a failure of it leaves the key free for the next delivery. */
export async function once(key: string, work: () => Promise<void>, options: DedupeOptions): Promise<void> {
  const { store, ttlMs, claimMs, report } = options;
  const state = await asked(() => store.claim(key, claimMs), 'claim');
  if (state === 'done') return;
  if (state === 'pending')
    throw new WebhookError('delivery_in_progress', 'The same message is being handled already, and not done yet');
  try {
    await work();
  } catch (error) {
    await asked(() => store.release(key), 'release').catch(report);
    throw error;
  }
  await asked(() => store.done(key, ttlMs), 'mark as done').catch(report);
}

/** The event of a subscription where both are named (SEP-3415), or else the message, or else all that was signed. */
export async function dedupeKey(
  { family: { scheme }, message }: Claim,
  event: unknown,
  subscriptionId: string | undefined,
  body: Uint8Array,
): Promise<string> {
  const eventId = fieldOf(event, 'eventId');
  // The subscription is not signed: only in the events that need it may it make a message a new one.
  const isSubscribed = fieldOf(event, 'name') !== undefined && fieldOf(event, 'event') === undefined;
  if (isSubscribed && subscriptionId !== undefined && eventId !== undefined)
    return `event ${JSON.stringify([subscriptionId, eventId])}`;
  const id = message.id ?? (scheme.idField === undefined ? undefined : fieldOf(event, scheme.idField));
  if (id !== undefined) return `${scheme.idSpace ?? scheme.name} ${id}`;
  const digest = await crypto.subtle.digest('SHA-256', concat(message.prefix, body));
  return `${scheme.name} sha256 ${toHex(new Uint8Array(digest))}`;
}

async function asked<T>(ask: () => Awaitable<T>, what: string): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw new WebhookError('store_failed', `The dedupe store could not ${what} a delivery`, { cause });
  }
}
