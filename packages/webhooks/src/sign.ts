import { fromBase64, toHex } from './encoding.ts';
import { WebhookError } from './errors.ts';
import { listOfSecrets, signingKey } from './keys.ts';
import { isMessageId, isTimestamp } from './message.ts';
import type { SignedHeaders, WebhookSecret } from './types.ts';

export interface SignOptions {
  /** Names the message, the same in every attempt to deliver it: 1 to 256 visible ASCII characters, no `.`, no `,`. */
  readonly id: string;
  /** All of them sign, so that receivers that know any one accept: how secrets are rotated. */
  readonly secrets: WebhookSecret | readonly WebhookSecret[];
  /** Of this attempt, in unix seconds. Default: now. */
  readonly timestamp?: number | undefined;
  /** The clock, in milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

const encoder = new TextEncoder();

/**
 * The headers that sign `body`: those of Standard Webhooks, and `X-MCP-Signature` with the same MACs. Send exactly these
 * bytes. Throws a `WebhookError` for an id, a timestamp or a secret that cannot be used.
 */
export async function signWebhook(body: Uint8Array | string, options: SignOptions): Promise<SignedHeaders> {
  const { id, secrets, now = Date.now } = options;
  const timestamp = String(options.timestamp ?? Math.floor(now() / 1000));
  if (!isMessageId(id))
    throw new WebhookError('invalid_options', 'The id must be 1 to 256 visible ASCII characters without "." and ","');
  if (!isTimestamp(timestamp)) throw new WebhookError('invalid_options', 'The timestamp must be whole unix seconds');
  const bytes = typeof body === 'string' ? encoder.encode(body) : body;
  const macs = await Promise.all(
    listOfSecrets(secrets).map(async (secret) => signingKey(secret)(`${id}.${timestamp}.`, bytes, 'base64')),
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': macs.map((mac) => `v1,${mac}`).join(' '),
    'x-mcp-signature': [`t=${timestamp}`, `id=${id}`, ...macs.map((mac) => `v1=${hexOf(mac)}`)].join(','),
  };
}

function hexOf(base64: string): string {
  return toHex(fromBase64(base64) ?? new Uint8Array());
}
