import { WebhookError } from '../errors.ts';
import { isMessageId } from '../message.ts';
import type { WebhookScheme } from '../scheme.ts';
import { symmetricKey } from '../secret.ts';
import { several, readFields, single } from './fields.ts';

const header = 'x-mcp-signature';

/** `X-MCP-Signature: t=<unix seconds>,id=<message id>,v1=<hex>[,v1=<hex>…]`: the MAC of Standard Webhooks in one header. */
export const mcp: WebhookScheme = {
  name: 'mcp',
  header,
  encoding: 'hex',
  idSpace: 'message',
  accepts: (value) => /(?:^|,)v1=/.test(value),
  keyOf: symmetricKey,
  read(value) {
    const fields = readFields(header, value);
    const id = single(header, fields, 'id=');
    const timestamp = single(header, fields, 't=');
    if (!isMessageId(id)) throw new WebhookError('malformed_header', `The id in ${header} is not one message id`);
    return { id, timestamp, prefix: `${id}.${timestamp}.`, signatures: several(header, fields, 'v1=') };
  },
};
