import { McpError } from '@toolwire/client-core';
import type { DialectName, GatewayCapabilities } from './dialect.ts';

/** What is refused, since gateways of this dialect cannot do it; nothing was sent. */
export function unsupported(dialect: DialectName, operation: keyof GatewayCapabilities): McpError {
  const text = `Nothing was sent: a gateway of the dialect ${dialect} does not support ${operation}; see its capabilities`;
  return new McpError('unsupported-capability', text, { delivered: 'no' });
}
