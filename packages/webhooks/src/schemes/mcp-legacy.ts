import type { WebhookScheme } from '../scheme.ts';
import { textKey } from '../secret.ts';

/** `X-MCP-Signature: sha256=<hex>` over the body alone. Nothing in it tells when: it can be replayed for ever. */
export const mcpLegacy: WebhookScheme = {
  name: 'mcp-legacy',
  header: 'x-mcp-signature',
  encoding: 'hex',
  idField: 'eventId',
  accepts: (value) => value.startsWith('sha256='),
  keyOf: textKey,
  read: (value) => ({ prefix: '', signatures: [value.slice('sha256='.length)] }),
};
