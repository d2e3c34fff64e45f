import { McpError } from '../errors.ts';
import type { Transport } from '../transport.ts';
import type { HttpExchange } from './http-exchange.ts';
import { fetchExchange } from './http-fetch.ts';
import type { StdioTransportOptions } from './stdio.ts';

/** How this platform sends HTTP: what `#platform` means in browsers and edge runtimes, where sockets are bounded already. */
export function openExchange(_maxSockets: number): HttpExchange {
  return fetchExchange(globalThis.fetch);
}

/** There are no processes here. */
export function openStdio({ command }: StdioTransportOptions): Promise<Transport> {
  const text = `Cannot start "${command}" here: a command needs Node; connect to a URL instead`;
  return Promise.reject(new McpError('config-invalid', text, { delivered: 'no' }));
}
