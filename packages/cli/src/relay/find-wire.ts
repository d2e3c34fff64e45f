import { httpTransport, stdioTransport, type HttpServerConfig, type Transport } from '@toolwire/client-core';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import { redactor, type Redact } from '../proxy/redaction.ts';
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
  const { name, config } = target;
  if (config instanceof Error) throw config;
  if ('url' in config)
    return { redact: redactor(Object.values(config.headers ?? {})), open: () => openUrl(name, config) };
  const inheritEnv = [...(config.inheritEnv ?? []), ...settings.own.all('pass-env')];
  const secrets = [...Object.values(config.env ?? {}), ...inheritEnv.map((variable) => io.env[variable] ?? '')];
  return { redact: redactor(secrets), open: (listener) => stdioTransport({ ...config, inheritEnv, ...listener }) };
}

async function openUrl(name: string, { url, transport = 'auto', ...network }: HttpServerConfig): Promise<Transport> {
  if (/^wss?:/i.test(String(url))) {
    const { webSocketTransport } = await import('@toolwire/client-ws');
    return webSocketTransport(url, network);
  }
  if (transport === 'auto' || transport === 'http') return httpTransport(url, network);
  const hint = `Let a proxy speak with it: -- mcp proxy ${new URL(url).origin} --transport ${transport}`;
  throw new CliError('usage', `${name} is configured for ${transport}, which cannot be watched here`, hint);
}
