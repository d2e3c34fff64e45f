import type { ClientOptions, ServerConfig, Target } from '@toolwire/client-core';
import { loginFor } from './auth/login-for.ts';
import type { Io } from './io.ts';
import { targetOf } from './target-of.ts';

/** The way to a server: what a client connects to, and what else it must be told for that. */
export interface Route {
  readonly target: Target;
  readonly options: Pick<ClientOptions, 'bearer' | 'oauth' | 'protocolVersion'>;
}

/** The way to a server over any wire, as its entry says, and with the user's login where there is one. */
export async function routeTo(config: ServerConfig, io: Pick<Io, 'env' | 'stderr'>, verbose: boolean): Promise<Route> {
  return { target: targetOf(config), options: await loginFor(config, io, verbose) };
}
