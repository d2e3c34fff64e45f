import { equalText, importEd25519, importHmac } from '#platform';
import { fromBase64 } from './encoding.ts';
import { WebhookError } from './errors.ts';
import type { Ed25519, Encoding, Hmac } from './platform.ts';
import type { WebhookScheme } from './scheme.ts';
import { symmetricKey } from './secret.ts';
import type { Awaitable, WebhookSecret } from './types.ts';

/** Whether one of `signatures` is right, over `prefix` and `body`; all of them are looked at. */
export type Check = (prefix: string, body: Uint8Array, signatures: readonly string[]) => Awaitable<boolean>;

const mostRemembered = 100;
const checksByScheme = new WeakMap<WebhookScheme, (secret: WebhookSecret) => Check | undefined>();

/** How signatures of `scheme` are checked with `secret`; undefined when the secret is not one for this scheme. */
export function checkWith(scheme: WebhookScheme, secret: WebhookSecret): Check | undefined {
  let checkOf = checksByScheme.get(scheme);
  if (checkOf === undefined) {
    checkOf = remembered((each) => {
      const key = scheme.keyOf(each);
      if (key === undefined) return undefined;
      return scheme.algorithm === 'ed25519'
        ? ed25519Check(importEd25519(key))
        : hmacCheck(importHmac(key), scheme.encoding);
    });
    checksByScheme.set(scheme, checkOf);
  }
  return checkOf(secret);
}

/** The HMAC that `secret` signs with, as Standard Webhooks and `mcp` have it. */
export const signingKey: (secret: WebhookSecret) => Hmac = remembered((secret) => {
  const key = symmetricKey(secret);
  if (key !== undefined) return importHmac(key);
  throw new WebhookError('invalid_secret', 'A signing secret starts with whsec_, or is { secret, raw: true }');
});

/** One secret or several as a list; a missing one is an error here, rather than a receiver that accepts nobody. */
export function listOfSecrets(secrets: WebhookSecret | readonly WebhookSecret[]): readonly WebhookSecret[] {
  const list = [secrets].flat();
  if (list.length === 0 || !list.every(isSecret))
    throw new WebhookError('invalid_secret', 'secrets must hold a secret: is an environment variable missing?');
  return list;
}

/** What the types promise, and a missing environment variable breaks. */
function isSecret(value: WebhookSecret | undefined): boolean {
  return typeof value === 'string' || (typeof value?.secret === 'string' && value.raw);
}

/** Signatures are compared as they are written: a second spelling of the same bytes is not accepted. */
function hmacCheck(hmac: Hmac, encoding: Encoding): Check {
  return (prefix, body, signatures) => {
    const mac = hmac(prefix, body, encoding);
    return typeof mac === 'string' ? isAmong(mac, signatures) : mac.then((text) => isAmong(text, signatures));
  };
}

function isAmong(mac: string, signatures: readonly string[]): boolean {
  let isFound = false;
  for (const signature of signatures) {
    if (equalText(signature, mac)) isFound = true;
  }
  return isFound;
}

function ed25519Check(verify: Ed25519): Check {
  return async (prefix, body, signatures) => {
    const bytes = signatures.flatMap((signature) => fromBase64(signature) ?? []);
    const results = await Promise.all(bytes.map(async (signature) => verify(prefix, body, signature)));
    return results.includes(true);
  };
}

/** Keys cost more than a MAC to make, and a program has few secrets: what was made is kept, up to a bound. */
export function remembered<Key>(create: (secret: WebhookSecret) => Key): (secret: WebhookSecret) => Key {
  const texts = new Map<string, Key>();
  const raws = new Map<string, Key>();
  return (secret) => {
    const [known, text] = typeof secret === 'string' ? [texts, secret] : [raws, secret.secret];
    if (!known.has(text)) {
      if (known.size >= mostRemembered) known.clear();
      known.set(text, create(secret));
    }
    return known.get(text) as Key; // It was set just now, if not before.
  };
}
