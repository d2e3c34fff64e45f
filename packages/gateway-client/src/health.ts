import { AuthError, HttpError, isMcpError } from '@toolwire/client-core';
import type { GatewayAnswer } from './gateway-http.ts';
import { faultIn } from './fault-in.ts';
import { textAt } from './json.ts';
import type { Health } from './server.ts';

const words: Record<'healthy' | 'degraded', RegExp> = {
  healthy: /^(healthy|ok|up|ready|pass|alive|available|running)$/i,
  degraded: /^(degraded|warn|partial)$/i,
};

/** A health that is known now. */
export function health(status: Health['status'], source: Health['source'], message?: string): Health {
  return { status, source, checkedAt: new Date(), ...(message !== undefined && { message }) };
}

/** What an answer says of health: its words count before its status, since some gateways answer 200 when they are ill. */
export function healthIn({ status, body }: GatewayAnswer): Health {
  const said = textAt(body, 'status', 'state', 'health');
  if (status === 401 || status === 403) return health('unauthorized', 'gateway', faultIn(body) ?? `HTTP ${status}`);
  if (status >= 400) return health('unhealthy', 'gateway', faultIn(body) ?? `HTTP ${status}`);
  if (said === undefined || words.healthy.test(said)) return health('healthy', 'gateway');
  return health(words.degraded.test(said) ? 'degraded' : 'unhealthy', 'gateway', said);
}

/** What a failure says of health; what says nothing of it is thrown on. */
export function healthOf(error: unknown, source: Health['source']): Health {
  if (!isMcpError(error)) throw error;
  if (error instanceof AuthError) return health('unauthorized', source, error.message);
  if (error instanceof HttpError) return health('unhealthy', source, error.message);
  return health('unreachable', source, error.message);
}
