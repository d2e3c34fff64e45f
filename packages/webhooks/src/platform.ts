import type { Awaitable } from './types.ts';

/** How a signature is written in its header: padded base64, or lower-case hex. */
export type Encoding = 'base64' | 'hex';

/** HMAC-SHA256 under one key, over `prefix` as UTF-8 and then `body`. */
export type Hmac = (prefix: string, body: Uint8Array, encoding: Encoding) => Awaitable<string>;

/** Whether `signature` is Ed25519 under one public key, over `prefix` as UTF-8 and then `body`. */
export type Ed25519 = (prefix: string, body: Uint8Array, signature: Uint8Array) => Awaitable<boolean>;

const encoder = new TextEncoder();

export function concat(prefix: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = encoder.encode(prefix);
  const message = new Uint8Array(head.length + body.length);
  message.set(head);
  message.set(body, head.length);
  return message;
}
