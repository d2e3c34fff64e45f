import type { Dialect, DialectName } from './dialect.ts';
import { contextForgeDialect } from './dialects/context-forge.ts';
import { litellmDialect } from './dialects/litellm.ts';
import { mcpHubDialect } from './dialects/mcp-hub.ts';
import { mcpOnlyDialect } from './dialects/mcp-only.ts';
import { mcpProxyDialect } from './dialects/mcp-proxy.ts';
import { microsoftDialect } from './dialects/microsoft.ts';
import { registryDialect } from './dialects/registry.ts';
import { restDialect } from './dialects/rest.ts';
import type { GatewayHttp } from './gateway-http.ts';

/** Every dialect that is spoken. */
export const dialects: Readonly<Record<DialectName, (http: GatewayHttp) => Dialect>> = {
  rest: restDialect,
  'context-forge': contextForgeDialect,
  'mcp-hub': mcpHubDialect,
  'mcp-proxy': mcpProxyDialect,
  litellm: litellmDialect,
  microsoft: microsoftDialect,
  registry: registryDialect,
  'mcp-only': mcpOnlyDialect,
};
