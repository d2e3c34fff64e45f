import type { HttpServerConfig } from '@toolwire/client-core';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import { resolveTargets, type ServerTarget } from '../targets.ts';

/** A server that can be logged in to. */
export interface NamedServer {
  readonly name: string;
  readonly target: ServerTarget;
  readonly url: URL;
  /** How it is reached. */
  readonly network: Pick<HttpServerConfig, 'tls' | 'allowInsecureHttp'>;
}

/** The one server that a command line of `mcp auth` names: by its URL, or by its name in the configuration. */
export async function namedServer({ line, settings, io }: CommandContext): Promise<NamedServer> {
  const [target, ...others] = await resolveTargets({ settings, names: line.operands, command: line.command }, io);
  const example = `mcp ${line.words.join(' ')} https://example.com/mcp`;
  if (target === undefined || others.length > 0) throw new CliError('usage', 'Name one server', example);
  const { name, config } = target;
  if (config instanceof Error) throw config;
  if (!('url' in config) || !/^https?:/i.test(String(config.url)))
    throw new CliError('usage', `${name} cannot be logged in to: only http: and https: URLs can`, example);
  const { url, tls, allowInsecureHttp } = config;
  const network = { ...(tls !== undefined && { tls }), ...(allowInsecureHttp !== undefined && { allowInsecureHttp }) };
  return { name, target, url: new URL(url), network };
}
