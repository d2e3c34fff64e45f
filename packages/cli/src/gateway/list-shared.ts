import { federate, type FederatedServer, type FederationMember } from '@toolwire/gateway-client';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { failWithAll } from '../fail-with.ts';
import { failureAsJson } from '../output/failure.ts';
import { openShow } from '../output/show.ts';
import type { ServerTarget } from '../targets.ts';
import { gatewayOptions } from './gateway-options.ts';
import { gatewayFailure, openGateway } from './open-gateway.ts';
import { track } from './track.ts';

/** The servers of several gateways, those that are the same as one. A gateway that does not answer is told, and hides no other. */
export async function listShared(targets: readonly ServerTarget[], context: CommandContext): Promise<ExitCode> {
  const { settings, io } = context;
  const show = await openShow(settings, io);
  const errors = new Map<string, Error>();
  const fail = (name: string, error: unknown): void => void errors.set(name, gatewayFailure(name, error));
  const members = (await track(io, 'asking the gateways', () => Promise.all(targets.map(memberOf)))).flat();
  const federation = federate(members);
  try {
    const servers = await track(io, 'asking the gateways', () => federation.listServers()).catch(noneAnswered);
    for (const { gateway, error } of federation.failures.gateways) fail(gateway, error);
    const hasAnswer = errors.size < targets.length;
    if (hasAnswer) {
      const listed = servers.map(withoutClients);
      const failures = Object.fromEntries([...errors].map(([name, error]) => [name, failureAsJson(error)]));
      const rows = listed.map(({ name, routes }) => [
        name,
        routes.map(({ gateway }) => gateway).join(', '),
        routes[0]?.server.url ?? '',
      ]);
      await show({
        value: { servers: listed, failures },
        body: { head: ['Server', 'Gateways', 'URL'], groups: [{ name: '', rows }], plural: 'servers' },
        lines: listed,
      });
    }
    const code = await failWithAll([...errors.values()], context);
    return hasAnswer ? 0 : code;
  } finally {
    await federation.close();
    await Promise.all(members.map(({ gateway }) => gateway.close()));
  }

  /** A federation of which nobody answers fails; why, each of them tells. */
  function noneAnswered(error: unknown): [] {
    if (federation.failures.gateways.length < members.length) throw error;
    return [];
  }

  async function memberOf(target: ServerTarget): Promise<FederationMember[]> {
    try {
      return [{ name: target.name, gateway: await openGateway(target, gatewayOptions(settings)) }];
    } catch (error) {
      fail(target.name, error);
      return [];
    }
  }
}

function withoutClients({ name, routes }: FederatedServer): Pick<FederatedServer, 'name'> & {
  routes: Pick<FederatedServer['routes'][number], 'gateway' | 'server'>[];
} {
  return { name, routes: routes.map(({ gateway, server }) => ({ gateway, server })) };
}
