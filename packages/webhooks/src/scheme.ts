import type { Encoding } from './platform.ts';
import type { WebhookSecret } from './types.ts';

/** One way to sign a webhook: how its headers are read, and its secrets. */
export interface WebhookScheme {
  readonly name: string;
  /** The header with the signature, in lower case. A request that has it is of this family, whether it verifies or not. */
  readonly header: string;
  /** Default `hmac-sha256`. */
  readonly algorithm?: 'hmac-sha256' | 'ed25519';
  /** How signatures are written. */
  readonly encoding: Encoding;
  /** Whether that header's value is in this scheme's form: schemes may share a header. */
  accepts(value: string, header: HeaderReader): boolean;
  /** The key that a secret stands for; undefined when it is not a secret for this scheme. */
  keyOf(secret: WebhookSecret): Uint8Array | undefined;
  /** What was signed, and the signatures. Throws a `WebhookError` for headers that cannot be read. */
  read(value: string, header: HeaderReader): SignedMessage;
  /** The field of the body that names the event, for duplicates, where no header names the message. */
  readonly idField?: string;
  /** Schemes of one space name a message by the same id. Default: the scheme's name. */
  readonly idSpace?: string;
}

/** The value of a header, by its name in lower case. Throws a `WebhookError` for one that is there twice. */
export type HeaderReader = (name: string) => string | undefined;

export interface SignedMessage {
  readonly id?: string | undefined;
  /** Unix seconds, as they were signed. Without it there is no window, and only duplicates are refused. */
  readonly timestamp?: string | undefined;
  /** The signed text is this and the bytes of the body. */
  readonly prefix: string;
  /** As they are written. Any one may be right. */
  readonly signatures: readonly string[];
  /** The kind of event, where a header tells it. */
  readonly eventName?: string | undefined;
}
