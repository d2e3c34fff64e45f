import { WebhookError } from './errors.ts';
import { headerReader } from './headers.ts';
import type { Check } from './keys.ts';
import { isTimestamp } from './message.ts';
import type { HeaderReader, SignedMessage, WebhookScheme } from './scheme.ts';
import type { WebhookHeaders } from './types.ts';

/** A scheme that is accepted, and how its signatures are checked: once a secret. */
export interface Family {
  readonly scheme: WebhookScheme;
  readonly checks: readonly Check[];
}

/** Options with everything looked up. */
export interface Verifier {
  readonly families: readonly Family[];
  readonly toleranceSeconds: number;
  readonly now: () => number;
}

/** What the headers claim. */
export interface Claim {
  readonly family: Family;
  readonly message: SignedMessage;
  /** In unix seconds. */
  readonly timestamp: number | undefined;
}

const notRaw =
  'A signature covers the bytes of the body as they came, in a Uint8Array: ' +
  'take them before any body parser, with request.arrayBuffer() for example, and never from a string';

/** Reads the claim, before any MAC is computed. The first family whose header is there decides. */
export function readClaim(body: Uint8Array, headers: WebhookHeaders, verifier: Verifier): Claim {
  if (!ArrayBuffer.isView(body)) throw new WebhookError('body_not_raw', notRaw);
  const header = headerReader(headers);
  const { family, value } = presentFamily(verifier.families, header);
  const message = family.scheme.read(value, header);
  const timestamp = message.timestamp === undefined ? undefined : checkedTimestamp(message.timestamp, verifier);
  return { family, message, timestamp };
}

/** Throws unless a signature fits. Every secret is tried; nothing is waited for where the platform's MAC is at hand. */
export function confirm({ family, message }: Claim, body: Uint8Array): Promise<void> | undefined {
  let isFound = false;
  const coming: Promise<boolean>[] = [];
  for (const check of family.checks) {
    const result = check(message.prefix, body, message.signatures);
    if (typeof result !== 'boolean') coming.push(result);
    else if (result) isFound = true;
  }
  if (coming.length > 0) return Promise.all(coming).then((results) => assertFound(results.includes(true), family));
  assertFound(isFound, family);
  return undefined;
}

interface Present {
  readonly family: Family;
  /** Of the header with the signature. */
  readonly value: string;
}

function presentFamily(families: readonly Family[], header: HeaderReader): Present {
  for (const first of families) {
    const name = first.scheme.header;
    const value = header(name);
    if (value === undefined) continue;
    for (const family of families) {
      if (family.scheme.header === name && family.scheme.accepts(value, header)) return { family, value };
    }
    throw new WebhookError('no_supported_signature', `The header ${name} holds no signature of an accepted scheme`);
  }
  const names = [...new Set(families.map(({ scheme }) => scheme.header))].join(', ');
  throw new WebhookError('missing_signature', `The request has no signature: none of the headers ${names}`);
}

function checkedTimestamp(text: string, { now, toleranceSeconds }: Verifier): number {
  if (!isTimestamp(text)) throw new WebhookError('timestamp_malformed', 'The timestamp is not unix seconds in digits');
  const timestamp = Number(text);
  const age = Math.floor(now() / 1000) - timestamp;
  if (age <= toleranceSeconds && age >= -toleranceSeconds) return timestamp;
  const limit = `at most ${toleranceSeconds} s are accepted`;
  if (age > 0) throw new WebhookError('timestamp_too_old', `The signature is ${age} s old; ${limit}`);
  throw new WebhookError('timestamp_too_new', `The signature is ${-age} s ahead of the clock here; ${limit}`);
}

function assertFound(isFound: boolean, { scheme }: Family): void {
  if (!isFound) throw new WebhookError('signature_mismatch', `No ${scheme.name} signature fits the body and a secret`);
}
