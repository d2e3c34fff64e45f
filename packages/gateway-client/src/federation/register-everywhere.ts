import type { RegisterOptions } from '../gateway-servers.ts';
import type { GatewayServer, ServerSpec } from '../server.ts';
import type { NamedMember } from './federated-servers.ts';

/** How a server is registered with every gateway. */
export interface EverywhereOptions extends RegisterOptions {
  /** When one gateway fails, takes the server away again from those that have just got it. Default false. */
  rollback?: boolean;
}

/** How a registration went at one gateway. */
export type RegistrationOutcome =
  | { readonly gateway: string; readonly status: 'registered'; readonly server: GatewayServer }
  | { readonly gateway: string; readonly status: 'failed'; readonly error: unknown }
  /** The gateway's dialect cannot register servers. */
  | { readonly gateway: string; readonly status: 'unsupported' }
  | { readonly gateway: string; readonly status: 'rolled-back' };

/** Registers a server with each gateway, side by side. */
export async function registerAt(
  members: readonly NamedMember[],
  spec: ServerSpec,
  { rollback = false, ...options }: EverywhereOptions,
): Promise<RegistrationOutcome[]> {
  const outcomes = await Promise.all(members.map((member) => registerOne(member, spec, options)));
  if (!rollback || outcomes.every(({ status }) => status !== 'failed')) return outcomes;
  return Promise.all(
    outcomes.map(async (outcome, index) => {
      // With `ifExists` the server may have been there before.
      if (outcome.status !== 'registered' || (options.ifExists ?? 'error') !== 'error') return outcome;
      const { gateway } = outcome;
      try {
        await members[index]?.gateway.servers.remove(outcome.server.id, { ignoreMissing: true });
        return { gateway, status: 'rolled-back' } as const;
      } catch (error) {
        return { gateway, status: 'failed', error } as const;
      }
    }),
  );
}

async function registerOne(
  { gateway, name }: NamedMember,
  spec: ServerSpec,
  options: RegisterOptions,
): Promise<RegistrationOutcome> {
  if (!gateway.capabilities.register) return { gateway: name, status: 'unsupported' };
  try {
    return { gateway: name, status: 'registered', server: await gateway.servers.register(spec, options) };
  } catch (error) {
    return { gateway: name, status: 'failed', error };
  }
}
