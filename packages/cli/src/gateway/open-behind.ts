import type { HttpServerConfig, McpClient } from '@toolwire/client-core';
import type { GatewayClientOptions } from '@toolwire/gateway-client';
import { gatewayFailure, openGateway } from './open-gateway.ts';
import { readGatewayUrl } from './gateway-url.ts';

/** The client of a server behind a gateway, for the address that `gatewayTarget` made; only the gateway was asked so far. */
export async function openBehind(config: HttpServerConfig, client: GatewayClientOptions): Promise<McpClient> {
  const { gateway: url, server } = readGatewayUrl(config.url);
  try {
    const gateway = await openGateway(
      { name: url, config: { ...config, url } },
      {
        client,
        ...(client.connectTimeoutMs !== undefined && { timeoutMs: client.connectTimeoutMs }),
      },
    );
    return await gateway.open(server);
  } catch (error) {
    throw gatewayFailure(url, error);
  }
}
