import type { WebhookErrorCode } from './errors.ts';

/** What goes back to the sender. */
export interface WebhookAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

const refused = [401, 'Invalid signature'] as const;
const troubled = [503, 'Temporarily unavailable'] as const;
const misconfigured = [500, 'Receiver misconfigured'] as const;

/** Who cannot prove who they are learn nothing more; the code goes to `onError`. */
const answers: Record<WebhookErrorCode, readonly [status: number, error: string]> = {
  missing_signature: refused,
  malformed_header: refused,
  no_supported_signature: refused,
  timestamp_malformed: refused,
  timestamp_too_old: refused,
  timestamp_too_new: refused,
  signature_mismatch: refused,
  invalid_payload: [400, 'Invalid payload'],
  body_incomplete: [400, 'Incomplete body'],
  method_not_allowed: [405, 'Method not allowed'],
  body_too_large: [413, 'Payload too large'],
  unsupported_media_type: [415, 'Unsupported media type'],
  delivery_in_progress: [503, 'Delivery in progress'],
  handler_failed: troubled,
  store_failed: troubled,
  body_not_raw: misconfigured,
  invalid_secret: misconfigured,
  invalid_options: misconfigured,
};

/** The answer to a request that failed with `code`; a 503 names `retryAfterSeconds`. */
export function answerTo(code: WebhookErrorCode, retryAfterSeconds: number): WebhookAnswer {
  const [status, error] = answers[code];
  if (status === 405) return jsonAnswer(status, { error }, { allow: 'POST' });
  return jsonAnswer(
    status,
    { error },
    code === 'delivery_in_progress' ? { 'retry-after': String(retryAfterSeconds) } : {},
  );
}

export function jsonAnswer(status: number, value: object, headers: Record<string, string> = {}): WebhookAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}
