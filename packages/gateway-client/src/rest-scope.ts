import type { GatewayAnswer, GatewayHttp } from './gateway-http.ts';
import { isObject, listAt, objectAt } from './json.ts';
import type { Scope } from './scope.ts';

/** Where the tools of a server are listed and called by plain REST. */
export interface RestTools {
  readonly list: readonly string[];
  readonly call: readonly string[];
  /** Sent with both, where the addresses do not say which server is meant. */
  readonly server?: string;
}

/** The tools of a server over plain REST; it has nothing else. */
export function restScope(http: GatewayHttp, { list, call, server }: RestTools): Scope {
  return {
    async list(kind) {
      if (kind !== 'tools') return [];
      const { body } = await http.ask(list, { query: { server } });
      return listAt({ tools: body }, 'tools') ?? listAt(body, 'tools', 'data') ?? [];
    },
    async use(kind, name, request, next) {
      if (kind !== 'tools') return next(request);
      const { signal, timeoutMs = 60_000, idempotent } = request.options;
      const body = { server, name, arguments: request.params['arguments'] ?? {} };
      return resultIn(await http.ask(call, { method: 'POST', body, signal, timeoutMs, idempotent }));
    },
  };
}

/** A result of the protocol, wrapped or not; anything else as text, and as structured content when it is an object. */
function resultIn({ body, text }: GatewayAnswer): unknown {
  const inner = objectAt(body, 'result') ?? body;
  if (isObject(inner) && Array.isArray(inner['content'])) return inner;
  return { content: [{ type: 'text', text }], ...(isObject(body) && { structuredContent: body }) };
}
