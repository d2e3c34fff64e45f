/** A value that is there already, or comes. */
export type Awaitable<T> = T | Promise<T>;

/**
 * `whsec_` and the base64 of 24 to 64 random bytes, as Standard Webhooks has it; or any text of at least 24 bytes, used
 * as it is, when it is marked `raw`. The schemes of other vendors take their secret as the vendor shows it.
 */
export type WebhookSecret = string | { readonly secret: string; readonly raw: true };

/** A `Headers` object, or a record as Node has it; names in any case. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** The headers of a signed delivery: Standard Webhooks, and the same MAC for receivers that read one header. */
export type SignedHeaders = Record<
  'webhook-id' | 'webhook-timestamp' | 'webhook-signature' | 'x-mcp-signature',
  string
>;
