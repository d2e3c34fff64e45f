import { WebhookError } from '../errors.ts';
import { required } from '../headers.ts';
import { isMessageId } from '../message.ts';
import type { HeaderReader, SignedMessage, WebhookScheme } from '../scheme.ts';
import { symmetricKey } from '../secret.ts';
import { mostSignatures } from './fields.ts';

/** Standard Webhooks 1.0 (standardwebhooks.com), symmetric: `webhook-signature: v1,<base64> …`. */
export const standard: WebhookScheme = {
  name: 'standard',
  header: 'webhook-signature',
  encoding: 'base64',
  idSpace: 'message',
  accepts: (value) => /(?:^| )v1,/.test(value),
  keyOf: symmetricKey,
  read: (value, header) => readStandard(value, header, 'v1'),
};

/** The headers that both versions of Standard Webhooks share. */
export function readStandard(value: string, header: HeaderReader, version: string): SignedMessage {
  const id = required(header, 'webhook-id');
  const timestamp = required(header, 'webhook-timestamp');
  if (!isMessageId(id)) throw new WebhookError('malformed_header', 'The header webhook-id is not one message id');
  return { id, timestamp, prefix: `${id}.${timestamp}.`, signatures: signaturesIn(value, version) };
}

function signaturesIn(value: string, version: string): string[] {
  const entries = value.split(' ');
  const signatures: string[] = [];
  for (const entry of entries) {
    const end = entry.indexOf(',');
    if (end < 1 || entry.includes(',', end + 1) || entries.length > mostSignatures)
      throw new WebhookError(
        'malformed_header',
        `webhook-signature is not a list of 1 to ${mostSignatures} signatures`,
      );
    if (end === version.length && entry.startsWith(version)) signatures.push(entry.slice(end + 1));
  }
  return signatures;
}
