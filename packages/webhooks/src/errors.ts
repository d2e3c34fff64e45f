/** Every way a webhook can fail; pinned by a test, so that switching over it stays exhaustive. */
export type WebhookErrorCode =
  // The request is not from who holds a secret, or not from now: 401.
  | 'missing_signature'
  | 'malformed_header'
  | 'no_supported_signature'
  | 'timestamp_malformed'
  | 'timestamp_too_old'
  | 'timestamp_too_new'
  | 'signature_mismatch'
  // The request is signed, and cannot be used: 400.
  | 'invalid_payload'
  // The request cannot be read: 405, 413, 415, 400.
  | 'method_not_allowed'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'body_incomplete'
  // The receiver's own trouble: 503, so that the sender tries again.
  | 'delivery_in_progress'
  | 'handler_failed'
  | 'store_failed'
  // The program's mistake: 500.
  | 'body_not_raw'
  | 'invalid_secret'
  | 'invalid_options';

const brand = Symbol.for('toolwire.WebhookError');

/** The one error of this package: switch over `code`. Its message never holds a secret, a signature or a body. */
export class WebhookError extends Error {
  override name = 'WebhookError';
  readonly code: WebhookErrorCode;

  constructor(code: WebhookErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** True for any `WebhookError`, also one made by another copy of this package. */
export function isWebhookError(value: unknown): value is WebhookError {
  return value instanceof Error && brand in value;
}
