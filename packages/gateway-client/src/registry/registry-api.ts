import type { GatewayHttp, GatewayRequest } from '../gateway-http.ts';
import { objectAt } from '../json.ts';
import { everyPage, pageIn } from '../pages.ts';
import { orUndefined } from '../statuses.ts';
import { readRegistryEntry, type RegistryServer } from './registry-server.ts';

/** The servers that the query finds, of as many pages as it takes to have `limit` of them. */
export async function readRegistryPages(
  http: GatewayHttp,
  query: NonNullable<GatewayRequest['query']>,
  limit: number,
  signal?: AbortSignal,
): Promise<RegistryServer[]> {
  let found = 0;
  const entries = await everyPage(async (cursor) => {
    const wanted = Math.min(limit, 100);
    const page = pageIn(
      await http.ask('/v0.1/servers', { query: { ...query, limit: wanted, cursor }, signal }),
      'servers',
    );
    found += page.items.length;
    return found < limit ? page : { ...page, next: undefined };
  });
  return entries.map(readRegistryEntry).slice(0, limit);
}

/** One server by its name, which may hold a slash; undefined when there is none. */
export async function readRegistryServer(
  http: GatewayHttp,
  name: string,
  version: string,
  signal?: AbortSignal,
): Promise<RegistryServer | undefined> {
  const asked = http.ask(['v0.1', 'servers', name, 'versions', version], { signal });
  const answer = await orUndefined(asked, 404);
  if (answer === undefined) return undefined;
  return readRegistryEntry(objectAt(answer, 'body') ?? {});
}
