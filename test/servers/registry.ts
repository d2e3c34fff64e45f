// The official MCP Registry, to be read: after its OpenAPI document and its server.json format (December 2025).
import { serveFetch, type GatewayStandIn } from './serve-fetch.ts';

/** Servers as their publishers describe them. */
export const published: readonly Record<string, unknown>[] = [
  {
    name: 'io.github.example/weather',
    title: 'Weather',
    description: 'The weather, elsewhere',
    version: '2.0.0',
    remotes: [
      {
        type: 'streamable-http',
        url: 'https://{region}.weather.example.com/mcp',
        variables: { region: { description: 'Where', default: 'eu', choices: ['eu', 'us'] } },
        headers: [
          { name: 'X-API-Key', description: 'The key', isRequired: true, isSecret: true },
          {
            name: 'Authorization',
            value: 'Bearer {token}',
            variables: { token: { isRequired: true, isSecret: true } },
          },
          { name: 'X-Trace', description: 'May be left out' },
        ],
      },
    ],
  },
  {
    name: 'io.github.example/database',
    description: 'A database, started here',
    version: '1.2.3',
    packages: [
      {
        registryType: 'npm',
        identifier: '@example/database-mcp',
        version: '1.2.3',
        transport: { type: 'stdio' },
        runtimeHint: 'sh -c',
        runtimeArguments: [{ type: 'named', name: '--quiet', value: 'true' }],
        packageArguments: [
          { type: 'named', name: '--host', default: 'localhost', isRequired: true },
          { type: 'named', name: '--port', format: 'number' },
          { type: 'positional', valueHint: 'database', isRequired: true },
        ],
        environmentVariables: [
          { name: 'DB_PASSWORD', isRequired: true, isSecret: true },
          { name: 'SSL_MODE', default: 'prefer', choices: ['disable', 'prefer', 'require'] },
        ],
      },
    ],
  },
  {
    name: 'io.github.example/container',
    description: 'Both ways',
    version: '3.1.0',
    remotes: [{ type: 'sse', url: 'https://container.example.com/sse' }],
    packages: [
      {
        registryType: 'oci',
        identifier: 'example/container',
        version: '3.1.0',
        transport: { type: 'stdio' },
        environmentVariables: [{ name: 'LEVEL', value: 'info' }],
      },
    ],
  },
  ...Array.from({ length: 150 }, (_, index) => ({
    name: `io.github.filler/server-${index}`,
    description: 'Fills the pages of the list',
    version: '1.0.0',
    remotes: [{ type: 'streamable-http', url: `https://filler.example.com/${index}/mcp` }],
  })),
];

/** Starts a registry that knows each server in one version. */
export function startRegistry(): Promise<GatewayStandIn> {
  return serveFetch((request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/v0.1/servers') {
      const search = searchParams.get('search') ?? '';
      const limit = Math.min(Number(searchParams.get('limit') ?? 30), 100);
      const found = published.filter(({ name }) => String(name).includes(search));
      const after = searchParams.get('cursor');
      const start = after === null ? 0 : found.findIndex(({ name }) => name === after) + 1;
      const page = found.slice(start, start + limit);
      const nextCursor = start + limit < found.length ? page.at(-1)?.['name'] : undefined;
      return Response.json({ servers: page.map(entry), metadata: { count: page.length, nextCursor } });
    }
    const [, name, version] = /^\/v0\.1\/servers\/([^/]+)\/versions\/([^/]+)$/.exec(pathname) ?? [];
    const server = published.find((each) => each['name'] === decodeURIComponent(name ?? ''));
    const isThere = server !== undefined && (version === 'latest' || server['version'] === version);
    return isThere
      ? Response.json(entry(server))
      : Response.json({ title: 'Not Found', status: 404, detail: 'Server not found' }, { status: 404 });
  });
}

function entry(server: Record<string, unknown>): object {
  const official = { status: 'active', publishedAt: '2025-12-01T00:00:00Z', isLatest: true };
  return { server, _meta: { 'io.modelcontextprotocol.registry/official': official } };
}
