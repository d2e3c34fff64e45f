import type { DialectName, GatewayOptions } from '@toolwire/gateway-client';
import type { Settings } from '../own-flags.ts';

/** The kinds of gateway that there are. */
export const dialects: readonly DialectName[] = [
  'rest',
  'context-forge',
  'mcp-hub',
  'mcp-proxy',
  'litellm',
  'microsoft',
  'registry',
  'mcp-only',
];

/** How a gateway is spoken to, as the command line says. */
export function gatewayOptions({ own, timeoutMs }: Settings): GatewayOptions {
  const dialect = own.oneOf('dialect', dialects);
  return { ...(dialect !== undefined && { dialect }), ...(timeoutMs !== undefined && { timeoutMs }) };
}
