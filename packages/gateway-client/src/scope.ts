import type { Interceptor, JsonObject, McpRequest, RequestHandler } from '@toolwire/client-core';

/** What a server offers. */
export type OfferKind = 'tools' | 'prompts' | 'resources' | 'resourceTemplates';

/** One server among those that an address serves. */
export interface Scope {
  /** What is its own, in its own words. */
  list(kind: OfferKind): Promise<readonly JsonObject[]>;
  /** Carries out a request for what the server calls `name`, at the address by `next` or in another way. */
  use(kind: OfferKind, name: string, request: McpRequest, next: RequestHandler): Promise<unknown>;
}

const lists: Readonly<Record<string, OfferKind>> = {
  'tools/list': 'tools',
  'prompts/list': 'prompts',
  'resources/list': 'resources',
  'resources/templates/list': 'resourceTemplates',
};

const uses: Readonly<Record<string, readonly [kind: OfferKind, field: 'name' | 'uri']>> = {
  'tools/call': ['tools', 'name'],
  'prompts/get': ['prompts', 'name'],
  'resources/read': ['resources', 'uri'],
};

/** Makes a client of an address that serves many servers a client of one of them. */
export function scopeTo(scope: Scope): Interceptor {
  return (next) => async (request) => {
    const { method, params } = request;
    const listed = lists[method];
    if (listed !== undefined) return { [listed]: await scope.list(listed) };
    const [kind, field] = uses[method] ?? [];
    if (kind === undefined || field === undefined) return next(request);
    return scope.use(kind, String(params[field]), request, next);
  };
}
