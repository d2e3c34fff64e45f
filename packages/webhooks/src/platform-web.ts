import { toBase64, toHex } from './encoding.ts';
import { concat, type Ed25519, type Hmac } from './platform.ts';

/** The key is imported once, by its first use. */
export function importHmac(key: Uint8Array): Hmac {
  const imported = once(() =>
    crypto.subtle.importKey('raw', Uint8Array.from(key), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']),
  );
  return async (prefix, body, encoding) => {
    const mac = new Uint8Array(await crypto.subtle.sign('HMAC', await imported(), concat(prefix, body)));
    return encoding === 'hex' ? toHex(mac) : toBase64(mac);
  };
}

export function importEd25519(publicKey: Uint8Array): Ed25519 {
  const imported = once(() => crypto.subtle.importKey('raw', Uint8Array.from(publicKey), 'Ed25519', false, ['verify']));
  return async (prefix, body, signature) =>
    crypto.subtle.verify('Ed25519', await imported(), Uint8Array.from(signature), concat(prefix, body));
}

/** Takes the same time wherever two texts of one length differ. */
export function equalText(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let index = 0; index < one.length; index++) difference |= one.charCodeAt(index) ^ other.charCodeAt(index);
  return difference === 0;
}

function once<T>(create: () => Promise<T>): () => Promise<T> {
  let created: Promise<T> | undefined;
  return () => (created ??= create());
}
