import { McpError } from '../errors.ts';
import type { Transport } from '../transport.ts';
import { boundCalls } from './bounded-calls.ts';
import type { HttpExchange } from './http-exchange.ts';
import { fetchExchange } from './http-fetch.ts';
import type { TlsOptions } from './secure-context.ts';
import type { StdioTransportOptions } from './stdio.ts';

/** How this platform sends HTTP: what `#platform` means in browsers and edge runtimes, which bound their sockets themselves. */
export function openExchange(_maxSockets: number, tls?: TlsOptions): HttpExchange {
  if (tls !== undefined)
    throw new McpError('config-invalid', 'tls needs Node; leave it out here', {
      delivered: 'no',
    });
  return boundCalls(fetchExchange(globalThis.fetch), mostCalls);
}

/**
 * A browser has six connections to a server for HTTP/1.1. One carries what the server says by itself, and one must be left
 * for our answers: calls that hold all of them while the server asks something would wait for ever.
 */
const mostCalls = 4;

/** There are no processes here. */
export function openStdio({ command }: StdioTransportOptions): Promise<Transport> {
  const text = `Cannot start "${command}" here: a command needs Node; connect to a URL instead`;
  return Promise.reject(new McpError('config-invalid', text, { delivered: 'no' }));
}
