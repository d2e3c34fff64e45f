import { HttpError, McpError, type McpErrorCode } from '@toolwire/client-core';
import { connectGateway, type Gateway, type GatewayOptions } from '@toolwire/gateway-client';
import { CliError } from '../cli-error.ts';
import { ServerFailure } from '../server-failure.ts';
import type { ServerTarget } from '../targets.ts';

/** Connects to a gateway with the headers of its configuration, which it alone gets. */
export async function openGateway({ config }: ServerTarget, options: GatewayOptions): Promise<Gateway> {
  if (config instanceof Error) throw config;
  if (!('url' in config)) throw new McpError('config-invalid', 'A gateway is reached by a URL', { delivered: 'no' });
  const { url, headers = {}, tls, allowInsecureHttp = false } = config;
  if (tls?.ca !== undefined)
    throw new CliError('usage', 'A gateway cannot be reached with --ca', 'Name the file in NODE_EXTRA_CA_CERTS');
  const auth = { type: 'headers', headers } as const;
  return connectGateway(url, { ...options, allowInsecureHttp, ...(Object.keys(headers).length > 0 && { auth }) });
}

/** A failure with the gateway's name, and hints that fit a gateway. */
export function gatewayFailure(name: string, error: unknown): Error {
  if (error instanceof CliError || error instanceof ServerFailure) return error;
  if (error instanceof HttpError && refusals.has(error.status))
    return new CliError('arguments-invalid', error.message, error.status === 409 ? 'Replace it: --force' : undefined);
  return new ServerFailure(name, [], error, gatewayHints);
}

/** What the gateway finds wrong in what it was told: a field, or a name that is taken. */
const refusals: ReadonlySet<number> = new Set([400, 409, 422]);

const gatewayHints: Partial<Record<McpErrorCode, string>> = {
  unauthorized: 'Show a credential: --bearer-env VARIABLE, --header \'N: V\', or "headers" in the configuration',
  'invalid-response': 'Is this the address of a gateway, where its management is?',
  timeout: 'Wait longer with --timeout, for example --timeout 1m',
  'delivery-unknown': 'The gateway may have done it: look before you do it again',
};
