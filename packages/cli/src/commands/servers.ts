import { CliError } from '../cli-error.ts';
import { firstOfEach, type ConfiguredServer } from '../config-file.ts';
import { hasConsent, needsConsent } from '../config/consent.ts';
import { readEveryLayer } from '../config/every-layer.ts';
import { describeServer, summarizeServer } from '../config/masking.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print } from '../io.ts';
import { openShow } from '../output/show.ts';
import { safeJson, sanitizeLine } from '../output/sanitize.ts';
import { findConfigured } from '../targets.ts';

/** `mcp servers list`: the servers that names mean, those of other programs too; none of them is started. */
export async function serversList(context: CommandContext): Promise<ExitCode> {
  const { settings, io } = context;
  const show = await openShow(settings, io);
  const servers = await meantServers(context);
  const rows = servers.map((server) => [server.name, summarizeServer(server.config), originOf(server)]);
  const described = servers.map((server) => [server.name, describeConfigured(server, context)] as const);
  await show({
    value: { servers: Object.fromEntries(described) },
    body: { head: ['Server', 'Connection', 'From'], groups: [{ name: '', rows }], plural: 'servers' },
    lines: described.map(([name, about]) => ({ name, ...about })),
  });
  return 0;
}

/** `mcp servers show NAME`: the configuration of one server, without its secrets. */
export async function serversShow(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const show = await openShow(settings, io);
  const names = [...settings.servers, ...line.operands];
  const [server, ...others] = names.length === 0 ? [] : await meantServers(context);
  if (server === undefined || others.length > 0) throw new CliError('usage', 'Name one server: mcp servers show NAME');
  if (server.config instanceof Error) throw server.config;
  const about = { name: server.name, ...describeConfigured(server, context) };
  await show({ value: about, body: `${safeJson(about, 2)}\n` });
  return 0;
}

/** The servers that are named, or else every one that could be. */
async function meantServers({ line, settings, io }: CommandContext): Promise<readonly ConfiguredServer[]> {
  if (line.command !== undefined) throw new CliError('usage', 'Name servers of the configuration, not a command');
  const names = [...settings.servers, ...line.operands];
  if (names.length > 0 || settings.config !== undefined) return findConfigured(names, settings.config, io);
  const layers = await readEveryLayer(io);
  for (const { layer, problem } of layers) {
    if (problem !== undefined && layer.program === undefined) throw problem;
    if (problem !== undefined) await print(io.stderr, `mcp: left out: ${sanitizeLine(problem.message)}\n`);
  }
  const servers = [...firstOfEach(layers.map((layer) => layer.servers)).values()];
  return servers.length > 0 ? servers : findConfigured([], undefined, io); // Which says how to add one.
}

function originOf({ layer }: ConfiguredServer): string {
  return layer.program === undefined ? layer.shown : `${layer.program}: ${layer.shown}`;
}

function describeConfigured(server: ConfiguredServer, { io }: CommandContext): Record<string, unknown> {
  const { layer, config } = server;
  const { shown, program } = layer;
  return {
    ...describeServer(config),
    from: { file: shown, ...(program !== undefined && { program }) },
    ...(needsConsent(server) && { trusted: hasConsent(server, io) }),
  };
}
