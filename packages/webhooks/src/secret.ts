import { fromBase64, toBase64 } from './encoding.ts';
import { WebhookError } from './errors.ts';
import type { WebhookSecret } from './types.ts';

const leastBytes = 24;
const mostBytes = 64;
const encoder = new TextEncoder();

/** A new secret: `whsec_` and the base64 of 32 random bytes. */
export function generateSecret(): string {
  return `whsec_${toBase64(crypto.getRandomValues(new Uint8Array(32)))}`;
}

/** The key of a `whsec_` or raw secret; undefined for a text that is neither. */
export function symmetricKey(secret: WebhookSecret): Uint8Array | undefined {
  if (typeof secret === 'object') return checkedLength(encoder.encode(secret.secret), 'A raw secret', Infinity);
  if (!secret.startsWith('whsec_')) return undefined;
  const key = fromBase64(secret.slice('whsec_'.length));
  if (key === undefined) throw new WebhookError('invalid_secret', 'What follows whsec_ in the secret is not base64');
  return checkedLength(key, 'The key after whsec_', mostBytes);
}

/** A secret that its vendor shows as text: all of it is the key. A public key is no secret. */
export function textKey(secret: WebhookSecret): Uint8Array | undefined {
  const text = typeof secret === 'object' ? secret.secret : secret;
  return text === '' || /^wh[ps]k_/.test(text) ? undefined : encoder.encode(text);
}

/** The Ed25519 public key after `whpk_`; undefined for any other secret. */
export function publicKey(secret: WebhookSecret): Uint8Array | undefined {
  if (typeof secret === 'object' || !secret.startsWith('whpk_')) return undefined;
  const key = fromBase64(secret.slice('whpk_'.length));
  if (key?.length === 32) return key;
  throw new WebhookError('invalid_secret', 'What follows whpk_ is not the base64 of an Ed25519 public key (32 bytes)');
}

function checkedLength(key: Uint8Array, what: string, most: number): Uint8Array {
  if (key.length >= leastBytes && key.length <= most) return key;
  const wanted = most === Infinity ? `at least ${leastBytes}` : `${leastBytes} to ${most}`;
  const remedy = 'generateSecret() makes a good one';
  throw new WebhookError('invalid_secret', `${what} has ${key.length} bytes; it needs ${wanted}. ${remedy}`);
}
