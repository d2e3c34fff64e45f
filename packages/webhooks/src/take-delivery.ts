import { jsonAnswer, type WebhookAnswer } from './answer.ts';
import { checkRequest } from './check-request.ts';
import { confirm, readClaim, type Claim, type Verifier } from './claim.ts';
import { dedupeKey, once, type DedupeOptions } from './dedupe.ts';
import { WebhookError } from './errors.ts';
import type { EventHandler, WebhookDelivery } from './events.ts';
import { flatEvent } from './flat-event.ts';
import { headerReader } from './headers.ts';
import { fieldOf, parseBody, validated } from './payload.ts';
import { tooLarge } from './read-body.ts';
import type { StandardSchema } from './standard-schema.ts';
import type { WebhookHeaders } from './types.ts';
import { signatureOf } from './verify.ts';

/** Reads a body of at most `limit` bytes. */
export type BodyReader = (limit: number) => Promise<Uint8Array>;

export interface DeliverySettings {
  readonly verifier: Verifier;
  readonly maxBodyBytes: number;
  readonly dedupe: DedupeOptions | undefined;
  /** By the name of the event. */
  readonly handlers: ReadonlyMap<string, EventHandler<unknown>>;
  readonly schemas: ReadonlyMap<string, StandardSchema<unknown>>;
}

export interface IncomingDelivery {
  readonly method: string;
  readonly headers: WebhookHeaders;
  readonly body: Uint8Array | BodyReader;
}

/** Takes a delivery from its headers to its answer. Throws a `WebhookError` for all that is not received or done before. */
export async function takeDelivery(incoming: IncomingDelivery, settings: DeliverySettings): Promise<WebhookAnswer> {
  const header = headerReader(incoming.headers);
  checkRequest(incoming.method, header, settings.maxBodyBytes);
  const body = await bytesOf(incoming.body, settings.maxBodyBytes);
  const claim = readClaim(body, incoming.headers, settings.verifier);
  await confirm(claim, body);
  const event = parseBody(body);
  const challenge = fieldOf(event, 'type') === 'verification' ? fieldOf(event, 'challenge') : undefined;
  if (challenge !== undefined) return jsonAnswer(200, { challenge }); // SEP-3415: this endpoint wants the deliveries.
  const subscriptionId = header('x-mcp-subscription-id');
  await handle(event, { ...signatureOf(claim), name: nameOf(event, claim), subscriptionId }, claim, body, settings);
  return jsonAnswer(200, { status: 'received' });
}

async function bytesOf(body: Uint8Array | BodyReader, limit: number): Promise<Uint8Array> {
  const bytes = typeof body === 'function' ? await body(limit) : body;
  if (bytes.length > limit) throw tooLarge(limit);
  return bytes;
}

function nameOf(event: unknown, { message }: Claim): string | undefined {
  return message.eventName ?? fieldOf(event, 'event') ?? fieldOf(event, 'type') ?? fieldOf(event, 'name');
}

async function handle(
  event: unknown,
  delivery: WebhookDelivery,
  claim: Claim,
  body: Uint8Array,
  { handlers, schemas, dedupe }: DeliverySettings,
): Promise<void> {
  const { name = '*', subscriptionId } = delivery;
  const handler = handlers.get(name) ?? handlers.get('*');
  if (handler === undefined) return;
  const schema = schemas.get(name);
  const flat = flatEvent(event);
  const checked = schema === undefined ? flat : await validated(flat, schema);
  const work = async (): Promise<void> => {
    try {
      await handler(checked, delivery);
    } catch (cause) {
      throw new WebhookError('handler_failed', 'The handler failed', { cause });
    }
  };
  if (dedupe === undefined) await work();
  else await once(await dedupeKey(claim, event, subscriptionId, body), work, dedupe);
}
