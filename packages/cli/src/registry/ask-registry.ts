import { officialRegistry, openRegistry, type Registry } from '@toolwire/gateway-client';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import { credentialHeaders } from '../credential-headers.ts';
import { gatewayFailure } from '../gateway/open-gateway.ts';
import { track } from '../gateway/track.ts';

/** Asks the registry that `--registry` or `MCP_REGISTRY` names, else the official one. */
export async function askRegistry<T>(context: CommandContext, ask: (registry: Registry) => Promise<T>): Promise<T> {
  const { line, settings, io } = context;
  if (settings.servers.length > 0 || line.command !== undefined)
    throw new CliError('usage', 'A registry is asked for names of its own, not for servers that are configured');
  if (settings.ca !== undefined)
    throw new CliError('usage', 'A registry cannot be reached with --ca', 'Name the file in NODE_EXTRA_CA_CERTS');
  const address = settings.own.last('registry') ?? (io.env['MCP_REGISTRY'] || officialRegistry);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || `${url.username}${url.password}` !== '')
    throw new CliError('usage', 'The URL of a registry begins with http: or https:, and holds no credentials');
  const headers = credentialHeaders(settings, io);
  const registry = openRegistry(url, {
    ...(Object.keys(headers).length > 0 && { auth: { type: 'headers', headers } }),
    ...(settings.timeoutMs !== undefined && { timeoutMs: settings.timeoutMs }),
    allowInsecureHttp: settings.insecureHttp,
  });
  try {
    return await track(io, url.origin, () => ask(registry));
  } catch (error) {
    throw gatewayFailure(url.origin, error);
  }
}
