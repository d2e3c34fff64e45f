import type { WebhookScheme } from '../scheme.ts';
import { publicKey } from '../secret.ts';
import { readStandard } from './standard.ts';

/** Standard Webhooks 1.0, asymmetric: `webhook-signature: v1a,<base64>`, Ed25519, verified with a `whpk_` key. */
export const standardV1a: WebhookScheme = {
  name: 'standard-v1a',
  header: 'webhook-signature',
  encoding: 'base64',
  algorithm: 'ed25519',
  idSpace: 'message',
  accepts: (value) => /(?:^| )v1a,/.test(value),
  keyOf: publicKey,
  read: (value, header) => readStandard(value, header, 'v1a'),
};
