import { McpError } from '@toolwire/client-core';
import { detectDialect } from './detect.ts';
import type { DialectName } from './dialect.ts';
import { dialects } from './dialects.ts';
import { GatewayHttp, type GatewayHttpOptions } from './gateway-http.ts';
import { Gateway, type GatewayClientOptions } from './gateway.ts';

/** How a gateway is connected to. */
export interface GatewayOptions extends GatewayHttpOptions {
  /** The management API that it speaks. Default `auto`: found by GET requests. */
  dialect?: DialectName | 'auto';
  /** Options of the clients of its servers. */
  client?: GatewayClientOptions;
}

/** Connects to an MCP gateway, of whatever make: `url` is where its management API is. */
export async function connectGateway(url: string | URL, options: GatewayOptions = {}): Promise<Gateway> {
  const { dialect = 'auto', client = {}, ...httpOptions } = options;
  const http = new GatewayHttp(parseUrl(url), httpOptions);
  const name = dialect === 'auto' ? await detectDialect(http) : dialect;
  return new Gateway(http, dialects[name](http), client);
}

function parseUrl(url: string | URL): URL {
  const parsed = URL.canParse(String(url)) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:')
    throw invalid('The gateway needs a URL of http: or https:');
  if (parsed.username !== '' || parsed.password !== '')
    throw invalid("The gateway's URL holds a user or a password; give them as auth: { type: 'basic', … }");
  return parsed;
}

function invalid(problem: string): McpError {
  return new McpError('config-invalid', problem, { delivered: 'no' });
}
