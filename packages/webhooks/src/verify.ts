import { confirm, readClaim, type Claim } from './claim.ts';
import { parseBody, validated } from './payload.ts';
import type { StandardSchema } from './standard-schema.ts';
import type { WebhookHeaders } from './types.ts';
import { verifierOf, type VerifyOptions } from './verifier.ts';

/** What the signature vouches for besides the body. */
export interface VerifiedSignature {
  /** The name of the scheme that decided. */
  readonly scheme: string;
  /** Names the message, the same in every attempt to deliver it. GitHub's and Shopify's are not signed. */
  readonly id: string | undefined;
  /** Of this attempt, in unix seconds. */
  readonly timestamp: number | undefined;
}

export interface VerifiedWebhook<Event> extends VerifiedSignature {
  readonly event: Event;
}

/**
 * The event in `body`, once its signature is found right. `body` must be the bytes as they came: what was decoded or
 * parsed cannot be verified. Throws a `WebhookError` that tells why not.
 */
export async function verifyWebhook<Event = unknown>(
  body: Uint8Array,
  headers: WebhookHeaders,
  options: VerifyOptions & { readonly schema?: StandardSchema<Event> | undefined },
): Promise<VerifiedWebhook<Event>> {
  const { scheme, id, timestamp } = await verifySignature(body, headers, options);
  const value = parseBody(body);
  // Without a schema the caller's type is taken at its word: the signature vouches for the sender of the body.
  const event = options.schema === undefined ? (value as Event) : await validated(value, options.schema);
  return { scheme, id, timestamp, event };
}

/** Like `verifyWebhook`, for a body that is not JSON: it is not looked into. */
export async function verifySignature(
  body: Uint8Array,
  headers: WebhookHeaders,
  options: VerifyOptions,
): Promise<VerifiedSignature> {
  const claim = readClaim(body, headers, verifierOf(options));
  const confirmed = confirm(claim, body);
  if (confirmed !== undefined) await confirmed;
  return signatureOf(claim);
}

export function signatureOf({ family, message, timestamp }: Claim): VerifiedSignature {
  return { scheme: family.scheme.name, id: message.id, timestamp };
}
