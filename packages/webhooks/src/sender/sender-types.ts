import type { WebhookSecret } from '../types.ts';
import type { Clock } from './clock.ts';
import type { DeadLetterStore, DropReason } from './dead-letters.ts';
import type { LookupOptions } from './endpoint.ts';
import type { WebhookTls } from './post.ts';
import type { AttemptFailure } from './schedule.ts';

export interface WebhookSenderOptions extends LookupOptions {
  /** Where to: https, unless `allowLoopback` or `allowPrivate` permits http. */
  readonly url: string | URL;
  /** All of them sign every delivery: how secrets are rotated. */
  readonly secrets: WebhookSecret | readonly WebhookSecret[];
  /** Further headers of every delivery. They replace none that sign. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** A private authority, or a certificate of our own. */
  readonly tls?: WebhookTls | undefined;
  /** Milliseconds for one attempt. Default 15,000. */
  readonly timeoutMs?: number | undefined;
  /** Most milliseconds before the second attempt and each one after it: a random part of it is waited. Default: `standardRetryDelays`. */
  readonly retryDelaysMs?: readonly number[] | undefined;
  /** The attempt after which 3xx and 4xx are final, but for 408, 425 and 429; 410 and 413 are at once. Default 5. */
  readonly rejectedAttempts?: number | undefined;
  /** Attempts at the same time. Default 4. */
  readonly concurrency?: number | undefined;
  /** Events that wait or are on their way; one more becomes a dead letter. Default 1,000. */
  readonly maxQueued?: number | undefined;
  /** Bytes of their bodies together. Default 32 MiB. */
  readonly maxQueuedBytes?: number | undefined;
  /** Bytes of one body. Default 262,144. */
  readonly maxBodyBytes?: number | undefined;
  /** Keeps what could not be delivered. Default: `memoryDeadLetters()`, which ends with the process. */
  readonly deadLetters?: DeadLetterStore | undefined;
  /** Told of every event that is not delivered. */
  readonly onDropped?: ((dropped: DroppedWebhook) => void) | undefined;
  /** Told of every attempt, for logs. */
  readonly onAttempt?: ((attempt: WebhookAttempt) => void) | undefined;
  /** Default: the time of this machine. */
  readonly clock?: Clock | undefined;
  /** Between 0 and 1, for jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

export interface SendOptions {
  /** The `webhook-id`, by which receivers know duplicates. Default: a random one. */
  readonly id?: string | undefined;
  /** Events with the same key are delivered one after the other, in the order of the calls. */
  readonly orderKey?: string | undefined;
}

/** An event that was handed over. */
export interface Delivery {
  readonly id: string;
  /** What became of it. Never rejects. */
  readonly finished: Promise<DeliveryOutcome>;
}

export type DeliveryOutcome = DeliveredWebhook | DroppedWebhook;

export interface DeliveredWebhook {
  readonly type: 'delivered';
  readonly id: string;
  readonly attempts: number;
  /** 200 to 299. */
  readonly status: number;
}

export interface DroppedWebhook {
  readonly type: 'dropped';
  readonly id: string;
  readonly reason: DropReason | UnsendableReason;
  readonly attempts: number;
  /** The status of the last answer, if there was one. */
  readonly status: number | undefined;
  /** Whether it is a dead letter now, which `redeliver` can send. */
  readonly isStored: boolean;
}

/** Why an event was never handed over: it is no JSON, it is too large, or `redact` or `orderKey` threw. */
export type UnsendableReason = 'body_invalid' | 'body_too_large' | 'callback_failed';

export interface WebhookAttempt {
  readonly id: string;
  /** From 1. */
  readonly attempt: number;
  /** The answer's status; undefined when there was no answer. */
  readonly status: number | undefined;
  readonly failure: AttemptFailure | undefined;
  /** Milliseconds until the next attempt; undefined when this was the last one. */
  readonly retryInMs: number | undefined;
}

export interface CloseOptions {
  /** How long deliveries may still take, in milliseconds. Default 5,000. */
  readonly graceMs?: number | undefined;
}

export interface WebhookSender extends AsyncDisposable {
  /**
   * Hands an event over, an object or its JSON, and returns at once. What cannot wait its turn is dropped, and told so;
   * throws a `WebhookError` only for what is no JSON, is too large, or has an id that cannot be used.
   */
  send(payload: object | string, options?: SendOptions): Delivery;
  /** Sends a dead letter again, under its old id and with a new schedule; also to an endpoint that answered 410. */
  redeliver(id: string): Promise<Delivery>;
  readonly deadLetters: DeadLetterStore;
  /**
   * Takes nothing more and waits for what is due within `graceMs`. The rest becomes dead letters. Without it, deliveries
   * that wait keep the process alive.
   */
  close(options?: CloseOptions): Promise<void>;
}
