import { stdioTransport, transportOpener, type HttpServerConfig, type Transport } from '@toolwire/client-core';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import { redactor, secretsOf, type Redact } from '../proxy/redaction.ts';
import { routeTo } from '../route-to.ts';
import { resolveTargets } from '../targets.ts';

/** The bare wire to a server, and what must not be read in any copy of what passes over it. */
export interface Wire {
  readonly redact: Redact;
  /** The transport; nothing is started before its `start()`. */
  readonly open: (listener: WireListener) => Transport | Promise<Transport>;
}

/** What a stdio server says besides messages. */
export interface WireListener {
  /** A line of its stdout that is no message. */
  onIgnored(line: string): void;
  onStderr(text: string): void;
}

/** The wire to the one server that a command line means. */
export async function findWire({ line, settings, io }: CommandContext): Promise<Wire> {
  const [target, ...others] = await resolveTargets({ settings, command: line.command }, io);
  if (target === undefined || others.length > 0)
    throw new CliError('usage', 'One server is meant here', 'Name it with -s, or write its command after --');
  const { name, config: configured } = target;
  if (configured instanceof Error) throw configured;
  if ('url' in configured) checkTransport(name, configured);
  const config =
    'url' in configured
      ? configured
      : { ...configured, inheritEnv: [...(configured.inheritEnv ?? []), ...settings.own.all('pass-env')] };
  const route = await routeTo(config, io, settings.verbose);
  return {
    redact: redactor(secretsOf(config, route, io)),
    open:
      'url' in config
        ? transportOpener(route.target, route.options)
        : (listener) => stdioTransport({ ...config, ...listener }),
  };
}

function checkTransport(name: string, { transport }: HttpServerConfig): void {
  if (transport !== 'post' && transport !== 'rest') return;
  const hint = `Let a proxy speak with it: -- mcp proxy --config FILE -s ${name}`;
  throw new CliError('usage', `${name} is configured for ${transport}, which cannot be watched here`, hint);
}
