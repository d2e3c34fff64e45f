import { required } from '../headers.ts';
import type { WebhookScheme } from '../scheme.ts';
import { textKey } from '../secret.ts';

/** Slack: `X-Slack-Signature: v0=<hex>` over `v0:timestamp:body`, and `X-Slack-Request-Timestamp`. */
export const slack: WebhookScheme = {
  name: 'slack',
  header: 'x-slack-signature',
  encoding: 'hex',
  idField: 'event_id',
  accepts: (value) => value.startsWith('v0='),
  keyOf: textKey,
  read(value, header) {
    const timestamp = required(header, 'x-slack-request-timestamp');
    return { timestamp, prefix: `v0:${timestamp}:`, signatures: [value.slice('v0='.length)] };
  },
};
