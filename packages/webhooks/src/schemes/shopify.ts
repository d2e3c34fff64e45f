import type { WebhookScheme } from '../scheme.ts';
import { textKey } from '../secret.ts';

/** Shopify: `X-Shopify-Hmac-SHA256: <base64>` over the body alone, so that only the delivery's id tells a replay. */
export const shopify: WebhookScheme = {
  name: 'shopify',
  header: 'x-shopify-hmac-sha256',
  encoding: 'base64',
  accepts: () => true,
  keyOf: textKey,
  read: (value, header) => ({
    id: header('x-shopify-webhook-id'),
    eventName: header('x-shopify-topic'),
    prefix: '',
    signatures: [value],
  }),
};
