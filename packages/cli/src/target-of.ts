import type { ServerConfig, Target } from '@toolwire/client-core';

/** What the client connects to. The core finds its WebSocket package by name, which a bundled command cannot. */
export function targetOf(config: ServerConfig): Target {
  if (!('url' in config) || !/^wss?:/i.test(String(config.url))) return config;
  return async () => {
    const { webSocketTransport } = await import('@toolwire/client-ws');
    return webSocketTransport(config.url, { headers: config.headers });
  };
}
