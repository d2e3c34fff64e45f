import { createHmac, createPublicKey, createSecretKey, timingSafeEqual, verify } from 'node:crypto';
import { concat, type Ed25519, type Hmac } from './platform.ts';

/** The key object is made once: for small bodies, Node 24 takes four times as long with a key of bytes. */
export function importHmac(key: Uint8Array): Hmac {
  const keyObject = createSecretKey(key);
  return (prefix, body, encoding) => createHmac('sha256', keyObject).update(prefix).update(body).digest(encoding);
}

export function importEd25519(publicKey: Uint8Array): Ed25519 {
  const x = Buffer.from(publicKey).toString('base64url');
  const keyObject = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return (prefix, body, signature) => verify(null, concat(prefix, body), keyObject, signature);
}

/** Takes the same time wherever two texts of one length differ. */
export function equalText(one: string, other: string): boolean {
  const bytes = Buffer.from(one);
  const otherBytes = Buffer.from(other);
  return bytes.length === otherBytes.length && timingSafeEqual(bytes, otherBytes);
}
