import { CliError } from '../cli-error.ts';
import { consentGate } from '../config/consent.ts';
import type { CommandContext } from '../context.ts';
import { credentialHeaders } from '../credential-headers.ts';
import { withNetwork, type ServerTarget } from '../targets.ts';
import { allowedGateway, configuredGateway, configuredGateways } from './configured-gateways.ts';
import { isPlainUrl } from './gateway-url.ts';

/** The gateways that `--gateway` names by their URLs or by their names in the configuration; without it, every configured one. */
export async function namedGateways(context: CommandContext): Promise<readonly ServerTarget[]> {
  const { line, settings, io } = context;
  if (settings.servers.length > 0 || line.command !== undefined)
    throw new CliError('usage', 'A gateway is named with --gateway, and its servers by their names');
  const written = [...new Set(settings.own.all('gateway'))];
  const names = written.length > 0 ? written : [...(await configuredGateways(settings.config, io)).keys()];
  if (names.length === 0)
    throw new CliError(
      'usage',
      'Which gateway? Give --gateway URL',
      'Or name it in the configuration: mcp gateway --help',
    );
  const gate = consentGate(settings, io);
  const gateways: ServerTarget[] = [];
  // One after the other: each may ask something.
  for (const name of names) {
    const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(name);
    const config = isUrl
      ? { url: gatewayUrl(name) }
      : await allowedGateway(await configuredGateway(name, settings.config, io), gate);
    gateways.push({ name: isUrl ? gatewayUrl(name) : name, config });
  }
  return withNetwork(withCredential(gateways, context), settings, io);
}

/** The one gateway that is changed, or asked about a server of its own. */
export async function namedGateway(context: CommandContext): Promise<ServerTarget> {
  const [gateway, ...others] = await namedGateways(context);
  if (gateway !== undefined && others.length === 0) return gateway;
  throw new CliError('usage', 'Name one gateway: --gateway URL, or its name in the configuration');
}

/** A header is a credential as a rule: it goes to the one gateway it was written for. */
function withCredential(gateways: readonly ServerTarget[], { settings, io }: CommandContext): readonly ServerTarget[] {
  const headers = credentialHeaders(settings, io);
  if (Object.keys(headers).length === 0) return gateways;
  const [gateway, ...others] = gateways;
  if (gateway === undefined || others.length > 0)
    throw new CliError(
      'usage',
      '--header and --bearer-env are for one gateway: several have theirs in the configuration',
    );
  const { name, config } = gateway;
  if (config instanceof Error || !('url' in config)) return gateways;
  return [{ name, config: { ...config, headers: { ...config.headers, ...headers } } }];
}

function gatewayUrl(text: string): string {
  if (/^https?:/i.test(text) && isPlainUrl(text)) return text.replace(/\/+$/, '');
  throw new CliError(
    'usage',
    'The URL of a gateway begins with http: or https:, and holds neither credentials nor a query',
    'Credentials go into a header: --bearer-env VARIABLE',
  );
}
