import { ArgumentsInvalidError, type Interceptor, type JsonObject, type McpRequest } from '@toolwire/client-core';

/** What a server offers, and what is used of it by name. */
export type OfferKind = 'tools' | 'prompts' | 'resources' | 'resourceTemplates';

/** One server among those that an address serves: what is its own, and under which names it is there. */
export interface Scope {
  readonly server: string;
  /** In the server's own words. */
  list(kind: OfferKind): Promise<readonly JsonObject[]>;
  /** The name, or the URI, at the address, of what the server calls `own`; undefined when there is none. */
  exposed(kind: OfferKind, own: string): Promise<string | undefined>;
}

const lists: Readonly<Record<string, OfferKind>> = {
  'tools/list': 'tools',
  'prompts/list': 'prompts',
  'resources/list': 'resources',
  'resources/templates/list': 'resourceTemplates',
};

const uses: Readonly<Record<string, { kind: OfferKind; field: 'name' | 'uri' }>> = {
  'tools/call': { kind: 'tools', field: 'name' },
  'prompts/get': { kind: 'prompts', field: 'name' },
  'resources/read': { kind: 'resources', field: 'uri' },
};

/** Makes a client of an address that serves many servers a client of one of them. */
export function scopeTo(scope: Scope): Interceptor {
  return (next) => async (request) => {
    const listed = lists[request.method];
    if (listed !== undefined) return { [listed]: await scope.list(listed) };
    const used = uses[request.method];
    return next(used === undefined ? request : await renamed(scope, request, used));
  };
}

async function renamed(
  scope: Scope,
  request: McpRequest,
  { kind, field }: { kind: OfferKind; field: 'name' | 'uri' },
): Promise<McpRequest> {
  const own = String(request.params[field]);
  const exposed = await scope.exposed(kind, own);
  if (exposed !== undefined) return { ...request, params: { ...request.params, [field]: exposed } };
  const text = `${request.method} was not sent: the gateway lists no ${JSON.stringify(own)} among the ${kind} of ${scope.server}`;
  throw new ArgumentsInvalidError(text, { path: field, expected: `one of the ${kind} of ${scope.server}` });
}
