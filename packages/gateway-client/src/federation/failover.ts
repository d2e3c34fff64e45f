import {
  isMcpError,
  isReadOnlyMethod,
  mayResend,
  McpError,
  type Interceptor,
  type McpClient,
  type McpErrorCode,
  type McpRequest,
} from '@toolwire/client-core';

/** One way to a server: through one of the gateways. */
export interface FailoverRoute {
  readonly client: McpClient;
  /** The higher is taken first. */
  readonly priority: number;
  /** How often it is chosen among those of its priority. */
  readonly weight: number;
}

/**
 * Sends each request on one of the routes, and on the next one where the first surely did not execute it, or where it may
 * be executed twice. Stays with a route that has answered, since a session may live there, until one of higher priority does.
 */
export function failover(routes: () => readonly FailoverRoute[], random: () => number): Interceptor {
  let last: FailoverRoute['client'] | undefined;
  return () => async (request) => {
    const startedAt = Date.now();
    const inOrder = ordered(routes(), last, random);
    let failure: unknown = new McpError('connection-failed', 'No gateway has this server any more', {
      delivered: 'no',
    });
    for (const [index, { client }] of inOrder.entries()) {
      const hasNext = index < inOrder.length - 1;
      try {
        const { method, params, options } = withRestOfTime(request, startedAt);
        // The next route is a better second attempt than the same one.
        const result = await client.request(method, params, hasNext ? { ...options, attempts: 1 } : options);
        last = client;
        return result;
      } catch (error) {
        if (!mayFailOver(error, request)) throw error;
        failure = error;
      }
    }
    throw failure;
  };
}

/** Failures that every route would repeat. */
const sameEverywhere: readonly McpErrorCode[] = ['arguments-invalid', 'config-invalid', 'unsupported-capability'];

function mayFailOver(error: unknown, { method, options }: McpRequest): boolean {
  if (!isMcpError(error) || sameEverywhere.includes(error.code)) return false;
  return error.delivered === 'no' || mayResend(error, options.idempotent === true || isReadOnlyMethod(method));
}

function ordered(
  routes: readonly FailoverRoute[],
  last: FailoverRoute['client'] | undefined,
  random: () => number,
): FailoverRoute[] {
  const keyed = routes.map((route) => ({
    route,
    // The greatest of these is each route's as often as its weight says.
    key: route.client === last ? Infinity : random() ** (1 / route.weight),
  }));
  return keyed
    .toSorted((first, second) => second.route.priority - first.route.priority || second.key - first.key)
    .map(({ route }) => route);
}

function withRestOfTime(request: McpRequest, startedAt: number): McpRequest {
  const { maxTotalMs } = request.options;
  if (maxTotalMs === undefined) return request;
  return { ...request, options: { ...request.options, maxTotalMs: Math.max(startedAt + maxTotalMs - Date.now(), 1) } };
}
