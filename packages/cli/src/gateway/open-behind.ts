import type { HttpServerConfig, McpClient } from '@toolwire/client-core';
import type { GatewayClientOptions } from '@toolwire/gateway-client';
import { gatewayFailure, openGateway } from './open-gateway.ts';
import { readGatewayUrl } from './gateway-url.ts';

/** The client of a server behind a gateway, for a target that `gatewayTarget` made; only the gateway was asked so far. */
export async function openBehind(
  name: string,
  config: HttpServerConfig,
  client: GatewayClientOptions,
): Promise<McpClient> {
  const { gateway: url, server } = readGatewayUrl(config.url);
  const { connectTimeoutMs: timeoutMs } = client;
  try {
    const options = { client, ...(timeoutMs !== undefined && { timeoutMs }) };
    const gateway = await openGateway({ name, config: { ...config, url } }, options);
    return await gateway.open(server);
  } catch (error) {
    throw gatewayFailure(name, error);
  }
}
