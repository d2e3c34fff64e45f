import { required } from '../headers.ts';
import type { WebhookScheme } from '../scheme.ts';
import { textKey } from '../secret.ts';

/** MCP's events draft up to April 2026: `X-MCP-Signature: sha256=<hex>` over `timestamp.body`, and `X-MCP-Timestamp`. */
export const mcpDraft: WebhookScheme = {
  name: 'mcp-draft',
  header: 'x-mcp-signature',
  encoding: 'hex',
  idField: 'eventId',
  accepts: (value, header) => value.startsWith('sha256=') && header('x-mcp-timestamp') !== undefined,
  keyOf: textKey,
  read(value, header) {
    const timestamp = required(header, 'x-mcp-timestamp');
    return { timestamp, prefix: `${timestamp}.`, signatures: [value.slice('sha256='.length)] };
  },
};
