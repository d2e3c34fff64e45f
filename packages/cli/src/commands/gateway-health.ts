import { McpError } from '@toolwire/client-core';
import type { Gateway, Health } from '@toolwire/gateway-client';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { failWithAll } from '../fail-with.ts';
import { namedGateway, namedGateways } from '../gateway/named-gateways.ts';
import { gatewayFailure } from '../gateway/open-gateway.ts';
import { withGateway } from '../gateway/with-gateway.ts';
import { failureAsJson } from '../output/failure.ts';
import { openShow } from '../output/show.ts';
import type { ServerTarget } from '../targets.ts';

/** How something is, or why that is not known. */
interface Report {
  readonly name: string;
  readonly health?: Health;
  readonly error?: unknown;
}

/** `mcp gateway health [SERVER…]`: how each gateway is, or how servers of one are; fails when one is not well. */
export async function gatewayHealth(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const show = await openShow(settings, io);
  const ofServers = line.operands.length > 0;
  const reports = ofServers
    ? await serverReports(await namedGateway(context), context)
    : await Promise.all((await namedGateways(context)).map((gateway) => gatewayReport(gateway, context)));
  const told = reports.map(({ name, health, error }) => [name, health ?? failureAsJson(error)] as const);
  const rows = reports.flatMap(({ name, health }) =>
    health === undefined ? [] : [[name, health.status, health.message ?? '']],
  );
  const plural = ofServers ? 'servers' : 'gateways';
  if (rows.length > 0 || settings.json) {
    await show({
      value: { [plural]: Object.fromEntries(told) },
      body: { head: [ofServers ? 'Server' : 'Gateway', 'Status', 'Why'], groups: [{ name: '', rows }], plural },
      lines: told.map(([name, about]) => ({ [ofServers ? 'server' : 'gateway']: name, ...about })),
    });
  }
  const errors = reports.flatMap(({ name, health, error }) => {
    const failure = health === undefined ? error : failureIn(health);
    return failure === undefined ? [] : [gatewayFailure(name, failure)];
  });
  return failWithAll(errors, context);
}

function gatewayReport(target: ServerTarget, context: CommandContext): Promise<Report> {
  return report(target.name, () => withGateway(target, context, (gateway) => gateway.health()));
}

function serverReports(target: ServerTarget, context: CommandContext): Promise<Report[]> {
  return withGateway(target, context, (gateway: Gateway) =>
    Promise.all(context.line.operands.map((name) => report(name, () => gateway.serverHealth(name)))),
  );
}

async function report(name: string, ask: () => Promise<Health>): Promise<Report> {
  try {
    return { name, health: await ask() };
  } catch (error) {
    return { name, error };
  }
}

/** What is wrong, as the failure that it would be for a call. */
function failureIn({ status, message }: Health): McpError | undefined {
  if (status === 'healthy' || status === 'degraded' || status === 'unknown') return undefined;
  const code = status === 'unauthorized' ? 'unauthorized' : 'connection-failed';
  return new McpError(code, message === undefined ? `it is ${status}` : `it is ${status}: ${message}`, {
    delivered: 'yes',
  });
}
