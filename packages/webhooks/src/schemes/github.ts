import type { WebhookScheme } from '../scheme.ts';
import { textKey } from '../secret.ts';

/** GitHub: `X-Hub-Signature-256: sha256=<hex>` over the body alone, so that only the delivery's id tells a replay. */
export const github: WebhookScheme = {
  name: 'github',
  header: 'x-hub-signature-256',
  encoding: 'hex',
  accepts: (value) => value.startsWith('sha256='),
  keyOf: textKey,
  read: (value, header) => ({
    id: header('x-github-delivery'),
    eventName: header('x-github-event'),
    prefix: '',
    signatures: [value.slice('sha256='.length)],
  }),
};
