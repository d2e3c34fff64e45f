import type { WebhookScheme } from '../scheme.ts';
import { textKey } from '../secret.ts';
import { several, readFields, single } from './fields.ts';

const header = 'stripe-signature';

/** Stripe: `Stripe-Signature: t=<unix seconds>,v1=<hex>` over `t.body`; the secret is used with its prefix. */
export const stripe: WebhookScheme = {
  name: 'stripe',
  header,
  encoding: 'hex',
  idField: 'id',
  accepts: (value) => /(?:^|,)v1=/.test(value),
  keyOf: textKey,
  read(value) {
    const fields = readFields(header, value);
    const timestamp = single(header, fields, 't=');
    return { timestamp, prefix: `${timestamp}.`, signatures: several(header, fields, 'v1=') };
  },
};
