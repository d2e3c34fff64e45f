import { describe, expect, it } from 'vitest';
import { isWebhookError, WebhookError, type WebhookErrorCode } from './errors.ts';

/** Renaming or removing a code breaks users: this record does not compile without each of them. */
const codes: Record<WebhookErrorCode, true> = {
  missing_signature: true,
  malformed_header: true,
  no_supported_signature: true,
  timestamp_malformed: true,
  timestamp_too_old: true,
  timestamp_too_new: true,
  signature_mismatch: true,
  invalid_payload: true,
  method_not_allowed: true,
  body_too_large: true,
  unsupported_media_type: true,
  body_incomplete: true,
  delivery_in_progress: true,
  handler_failed: true,
  store_failed: true,
  body_not_raw: true,
  invalid_secret: true,
  invalid_options: true,
};

describe('WebhookError', () => {
  it.each(Object.keys(codes) as WebhookErrorCode[])('carries %s', (code) => {
    const error = new WebhookError(code, 'because', { cause: 'this' });
    expect(error).toMatchObject({ name: 'WebhookError', code, message: 'because', cause: 'this' });
  });

  it('is known by isWebhookError, also from another copy of the package', () => {
    const foreign = Object.assign(new Error('foreign'), { [Symbol.for('toolwire.WebhookError')]: true });
    expect(
      [new WebhookError('invalid_payload', ''), foreign, new Error('other'), undefined].map(isWebhookError),
    ).toEqual([true, true, false, false]);
  });
});
