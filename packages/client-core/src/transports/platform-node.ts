import type { Transport } from '../transport.ts';
import type { HttpExchange } from './http-exchange.ts';
import { nodeExchange } from './http-node.ts';
import type { TlsOptions } from './secure-context.ts';
import type { StdioTransportOptions } from './stdio.ts';

/** How this platform sends HTTP: what `#platform` means in Node. */
export function openExchange(maxSockets: number, tls?: TlsOptions): HttpExchange {
  return nodeExchange(maxSockets, tls);
}

/** Loaded when the first command is run: most programs run none. */
export async function openStdio(options: StdioTransportOptions): Promise<Transport> {
  const { hidingStdioTransport } = await import('./stdio-hiding.ts');
  return hidingStdioTransport(options);
}
