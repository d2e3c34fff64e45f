import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { safeJson } from '../output/sanitize.ts';
import { openShow } from '../output/show.ts';
import { listShared } from './list-shared.ts';
import { namedGateway, namedGateways } from './named-gateways.ts';
import { withGateway } from './with-gateway.ts';

/** `mcp gateway servers list`: every server of one gateway, or those that several have, each once. */
export async function listServers(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  if (line.operands.length > 0) throw new CliError('usage', 'list takes no names: mcp gateway servers show NAME');
  const gateways = await namedGateways(context);
  const [only, ...others] = gateways;
  if (only === undefined || others.length > 0) return listShared(gateways, context);
  const show = await openShow(settings, io);
  const servers = await withGateway(only, context, (gateway) => gateway.servers.list());
  const rows = servers.map(({ name, state, transport = '', url = '' }) => [name, state, transport, url]);
  await show({
    value: { servers },
    body: { head: ['Server', 'State', 'Transport', 'URL'], groups: [{ name: '', rows }], plural: 'servers' },
    lines: servers,
  });
  return 0;
}

/** `mcp gateway servers show NAME`: all that the gateway tells of one server. */
export async function showServer(context: CommandContext): Promise<ExitCode> {
  const { settings, io } = context;
  const show = await openShow(settings, io);
  const name = oneName(context, 'show');
  const server = await withGateway(await namedGateway(context), context, (gateway) => gateway.servers.get(name));
  await show({ value: server, body: `${safeJson(server, 2)}\n` });
  return 0;
}

/** The one server that a command line names. */
export function oneName({ line }: CommandContext, verb: string): string {
  const [name, ...more] = line.operands;
  if (name !== undefined && more.length === 0) return name;
  throw new CliError('usage', `Name one server: mcp gateway servers ${verb} NAME`);
}
