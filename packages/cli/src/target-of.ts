import type { ServerConfig, Target } from '@toolwire/client-core';
import { CliError } from './cli-error.ts';

/** What the client connects to. The core finds its WebSocket package by name, which a bundled command cannot. */
export function targetOf(config: ServerConfig): Target {
  if ('url' in config && isGatewayUrl(config.url))
    throw new CliError('usage', 'A server behind a gateway can be called, and neither kept warm nor joined to a host');
  if (!('url' in config) || !/^wss?:/i.test(String(config.url))) return config;
  return async () => {
    const { webSocketTransport } = await import('@toolwire/client-ws');
    const { url, headers, tls, allowInsecureHttp } = config;
    return webSocketTransport(url, { headers, tls, allowInsecureHttp });
  };
}

/** True for the address of a server that `-s gateway:…` means: where it is, its gateway knows. */
export function isGatewayUrl(url: string | URL): boolean {
  return String(url).startsWith('gateway:');
}
