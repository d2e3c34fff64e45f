// microsoft/mcp-gateway, after its README and its source (November 2026): adapters are container images, refusals are bare
// JSON strings or nothing, and a session that is not known is 503.
import type { TestServer } from '@toolwire/testing';
import { serveFetch, type GatewayStandIn } from './serve-fetch.ts';

/** Starts a gateway with one adapter, which `upstream` answers for. */
export function startMicrosoftGateway(adapter: string, upstream: TestServer): Promise<GatewayStandIn> {
  const adapters = new Set([adapter]);
  const described = (name: string): object => ({
    name,
    imageName: 'mcp-example',
    imageVersion: '1.0.0',
    environmentVariables: {},
    replicaCount: 1,
    description: 'An example',
  });
  return serveFetch(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/ping') return new Response(null, { status: 200 });
    if (pathname === '/adapters' && request.method === 'GET') return Response.json([...adapters].map(described));
    const [, name = '', rest = ''] = /^\/adapters\/([^/]+)(\/.*)?$/.exec(pathname) ?? [];
    if (!adapters.has(name)) return new Response(null, { status: 404 });
    if (rest === '/mcp') {
      const answer = await upstream.fetch(request);
      const isLost = answer.status === 404 && request.headers.has('mcp-session-id');
      return isLost ? new Response(null, { status: 503 }) : answer;
    }
    if (rest === '/status')
      return Response.json({
        readyReplicas: 1,
        updatedReplicas: 1,
        availableReplicas: 1,
        image: 'mcp-example:1.0.0',
        replicaStatus: 'Healthy',
      });
    if (rest === '' && request.method === 'DELETE') {
      adapters.delete(name);
      return new Response(null, { status: 204 });
    }
    return rest === '' ? Response.json(described(name)) : Response.json('Bad request', { status: 400 });
  });
}
