import type { ServerConfig } from '@toolwire/client-core';
import { CliError } from '../cli-error.ts';
import type { Gate } from '../config/consent.ts';
import type { Io } from '../io.ts';
import type { BehindGateway, ServerTarget } from '../targets.ts';
import { allowedGateway, configuredGateway } from './configured-gateways.ts';
import { gatewayUrlOf, isPlainUrl } from './gateway-url.ts';

/**
 * What `-s gateway:URL/SERVER` or `-s gateway:NAME/SERVER` means: the address of the gateway with the server's name at
 * its end, under a scheme of our own. Where that leads is asked when the server is opened.
 */
export async function gatewayTarget(
  written: string,
  file: string | undefined,
  io: Io,
): Promise<ServerTarget | BehindGateway> {
  const place = written.slice('gateway:'.length);
  const isUrl = /^https?:\/\//i.test(place);
  // A URL ends with the server; the name of a gateway ends at the first slash.
  const [, gateway = '', server = ''] =
    (isUrl ? /^(https?:\/\/.+)\/([^/?#]+)$/i : /^([^/]+)\/(.+)$/s).exec(place) ?? [];
  if (server === '' || (isUrl && !isPlainUrl(gateway)))
    throw new CliError('usage', 'A server behind a gateway is written gateway:URL/SERVER or gateway:NAME/SERVER');
  if (isUrl) return { name: written, config: { url: gatewayUrlOf(gateway, unescaped(server)) } };
  const configured = await configuredGateway(gateway, file, io);
  const behind = (config: ServerConfig | Error): ServerConfig | Error =>
    'url' in config ? { ...config, url: gatewayUrlOf(config.url, unescaped(server)) } : config;
  return {
    name: written,
    config: behind(configured.config),
    through: async (gate: Gate) => behind(await allowedGateway(configured, gate)),
  };
}

/** A name as it is, whether it was written so or escaped. */
function unescaped(server: string): string {
  try {
    return decodeURIComponent(server);
  } catch {
    return server;
  }
}
