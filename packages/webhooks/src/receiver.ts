import { answerTo, type WebhookAnswer } from './answer.ts';
import type { DedupeStore } from './dedupe.ts';
import { isWebhookError, WebhookError } from './errors.ts';
import type { EventHandler, EventHandlers, KnownEvents, WebhookEvents } from './events.ts';
import { readRequest } from './read-body.ts';
import type { StandardSchema } from './standard-schema.ts';
import { memoryStore } from './stores/memory.ts';
import { takeDelivery, type BodyReader, type DeliverySettings } from './take-delivery.ts';
import type { WebhookHeaders } from './types.ts';
import { verifierOf, type VerifyOptions } from './verifier.ts';

export interface ReceiverOptions<Events extends object = WebhookEvents> extends VerifyOptions {
  readonly on: EventHandlers<KnownEvents<NoInfer<Events>>>;
  /** Checks events by name, and types them: schemas of zod, valibot, arktype and others. */
  readonly schemas?: { readonly [Name in keyof Events]?: StandardSchema<Events[Name]> } | undefined;
  /** Where deliveries are remembered. Default: in memory. `false` handles every delivery, also the second of a message. */
  readonly dedupe?: DedupeStore | false | undefined;
  /** How long a handled message is remembered: longer than its sender goes on trying. Default 24 hours. */
  readonly dedupeTtlMs?: number | undefined;
  /** The longest that a handler takes; after it, a message that a crash left open is handled again. Default 60,000. */
  readonly claimMs?: number | undefined;
  /** Default 256 KiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Told why a request was refused or failed. Default: what is not the sender's fault goes to `console.error`. */
  readonly onError?: ((error: WebhookError) => void) | undefined;
}

export interface Receiver {
  /** Answers a Web request; never rejects. */
  (request: Request): Promise<Response>;
  /** The same where there are no Web requests: the body as its raw bytes, or how to read them. */
  receive(headers: WebhookHeaders, body: Uint8Array | BodyReader, method?: string): Promise<WebhookAnswer>;
}

/**
 * An endpoint for webhooks: verifies, drops duplicates, calls the handler of the event and answers the sender. Throws a
 * `WebhookError` for options that cannot work.
 */
export function createReceiver<Events extends object = WebhookEvents>(options: ReceiverOptions<Events>): Receiver {
  const { claimMs = 60_000, dedupeTtlMs = 86_400_000, maxBodyBytes = 262_144, dedupe: store = memoryStore() } = options;
  for (const [name, value] of Object.entries({ claimMs, dedupeTtlMs, maxBodyBytes })) {
    if (!(value > 0)) throw new WebhookError('invalid_options', `${name} must be more than 0`);
  }
  const report = guarded(options.onError ?? logOwnFaults);
  const settings: DeliverySettings = {
    verifier: verifierOf(options),
    maxBodyBytes,
    dedupe: store === false ? undefined : { store, claimMs, ttlMs: dedupeTtlMs, report },
    // The types hold for the caller: each handler gets what was sent under its name.
    handlers: named<EventHandler<unknown>>(options.on),
    schemas: named<StandardSchema<unknown>>(options.schemas ?? {}),
  };

  const receive: Receiver['receive'] = async (headers, body, method = 'POST') => {
    try {
      return await takeDelivery({ headers, body, method }, settings);
    } catch (cause) {
      const error = isWebhookError(cause)
        ? cause
        : new WebhookError('handler_failed', 'The receiver failed', { cause });
      report(error);
      return answerTo(error.code, Math.ceil(claimMs / 1000));
    }
  };
  const respond = async (request: Request): Promise<Response> => {
    const read: BodyReader = (limit) => readRequest(request, limit);
    const { body, ...head } = await receive(request.headers, read, request.method);
    return new Response(body, head);
  };
  return Object.assign(respond, { receive });
}

function named<Value>(record: object): Map<string, Value> {
  return new Map(Object.entries(record).filter(([, value]) => value !== undefined));
}

/** A log that fails must not decide the answer. */
function guarded(onError: (error: WebhookError) => void): (error: WebhookError) => void {
  return (error) => {
    try {
      onError(error);
    } catch (cause) {
      console.error(cause);
    }
  };
}

function logOwnFaults(error: WebhookError): void {
  const { status } = answerTo(error.code, 0);
  if (status >= 500 && error.code !== 'delivery_in_progress') console.error(error);
}
