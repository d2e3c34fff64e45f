import { ArgumentsInvalidError, type JsonObject } from '@toolwire/client-core';
import type { Authentication } from '../authentication.ts';
import type { Dialect } from '../dialect.ts';
import type { GatewayHttp } from '../gateway-http.ts';
import { healthIn } from '../health.ts';
import { given, listAt, textAt } from '../json.ts';
import { everyPage, pageIn } from '../pages.ts';
import { readServer } from '../read-server.ts';
import { remembered } from '../remembered.ts';
import { scopeTo, type OfferKind, type Scope } from '../scope.ts';
import type { ServerChange, ServerSpec } from '../server.ts';
import { orUndefined, retryAfterMs } from '../statuses.ts';

/** IBM's ContextForge, which calls the servers behind it gateways, and serves all of them at one address. */
export function contextForgeDialect(http: GatewayHttp): Dialect {
  const prefix = remembered(() => findPrefix(http));
  const api = async (...path: string[]): Promise<string[]> => [...(await prefix()), ...path];
  return {
    name: 'context-forge',
    events: '/v1/admin/events',
    async list(signal) {
      const path = await api('gateways');
      // Without this it cuts the list at 50, and does not say so.
      const query = { include_pagination: true, include_inactive: true };
      const items = await everyPage(async (cursor) =>
        pageIn(await http.ask(path, { query: { ...query, cursor }, signal }), 'gateways'),
      );
      return items.map(readServer);
    },
    async get(idOrName, signal) {
      const answer = await orUndefined(http.ask(await api('gateways', idOrName), { signal }), 404);
      return answer && readServer(answer.body as JsonObject); // It is checked there.
    },
    async register(spec, signal) {
      const { enabled = true } = spec;
      const answer = await http.ask(await api('gateways'), { method: 'POST', body: bodyOf(spec), signal });
      const server = readServer(answer.body as JsonObject);
      if (!enabled)
        await http.ask(await api('gateways', server.id, 'state'), { method: 'POST', query: { activate: false } });
      return {
        server: enabled ? server : { ...server, enabled, state: 'disabled' },
        askAgainMs: retryAfterMs(answer.header('retry-after')),
      };
    },
    async update({ id }, change) {
      await http.ask(await api('gateways', id), { method: 'PUT', body: bodyOf(change) });
    },
    async remove({ id }) {
      await http.ask(await api('gateways', id), { method: 'DELETE' });
    },
    async setEnabled({ id }, enabled) {
      await http.ask(await api('gateways', id, 'state'), { method: 'POST', query: { activate: enabled } });
    },
    // It answers 200 also when it is ill.
    health: async (signal) => healthIn(await http.ask('/health', { isProbe: true, signal })),
    async route({ id, name }) {
      const ask = async (kind: string): Promise<JsonObject[]> => {
        const { body } = await http.ask(await api(kind), { query: { gateway_id: id, limit: 0 } });
        return pageItems(body, kind);
      };
      return { url: http.url('/mcp'), transport: 'http', scope: scopeTo(scopeOf(name, ask)) };
    },
  };
}

/** `/v1` since 1.0.5, nothing before. */
async function findPrefix(http: GatewayHttp): Promise<string[]> {
  const { status } = await http.ask('/v1/gateways', { isProbe: true, query: { limit: 1 } });
  return status === 404 ? [] : ['v1'];
}

function pageItems(body: unknown, kind: string): JsonObject[] {
  return listAt({ items: body }, 'items') ?? listAt(body, kind) ?? [];
}

/** A server's offers by the gateway's own records: `name` is what is called, `originalName` what the server says. */
function scopeOf(server: string, ask: (kind: string) => Promise<JsonObject[]>): Scope {
  const exposed = new Map<string, string>();
  async function load(kind: 'tools' | 'prompts'): Promise<JsonObject[]> {
    const records = await ask(kind);
    for (const record of records) exposed.set(`${kind} ${ownName(record)}`, textAt(record, 'name') ?? ownName(record));
    return records;
  }
  return {
    async list(kind) {
      if (kind === 'tools' || kind === 'prompts') return (await load(kind)).map((record) => offer(kind, record));
      // Of its templates it does not say whose they are.
      return kind === 'resources' ? (await ask('resources')).map((record) => offer(kind, record)) : [];
    },
    async use(kind, name, request, next) {
      if (kind !== 'tools' && kind !== 'prompts') return next(request); // URIs stay as they are.
      if (!exposed.has(`${kind} ${name}`)) await load(kind);
      const itsName = exposed.get(`${kind} ${name}`);
      if (itsName === undefined) throw unknown(kind, name, server);
      return next({ ...request, params: { ...request.params, name: itsName } });
    },
  };
}

function unknown(kind: OfferKind, name: string, server: string): ArgumentsInvalidError {
  const text = `Nothing was sent: the gateway lists no ${JSON.stringify(name)} among the ${kind} of ${server}`;
  return new ArgumentsInvalidError(text, { path: 'name', expected: `one of the ${kind} of ${server}` });
}

const fields: Record<Exclude<OfferKind, 'resourceTemplates'>, readonly string[]> = {
  tools: ['title', 'description', 'inputSchema', 'outputSchema', 'annotations', '_meta'],
  prompts: ['title', 'description', 'arguments', '_meta'],
  resources: ['uri', 'title', 'description', 'mimeType', 'annotations', '_meta'],
};

/** What the protocol says of an offer, out of the gateway's record of it. */
function offer(kind: keyof typeof fields, record: JsonObject): JsonObject {
  const kept = Object.fromEntries(fields[kind].map((field) => [field, record[field]]));
  return given({ name: ownName(record), ...kept });
}

function ownName(record: JsonObject): string {
  return textAt(record, 'originalName', 'name') ?? '';
}

const transports: Record<NonNullable<ServerSpec['transport']>, string> = {
  http: 'STREAMABLEHTTP',
  'streamable-http': 'STREAMABLEHTTP',
  sse: 'SSE',
  websocket: 'WEBSOCKET',
};

function bodyOf({
  transport,
  authentication,
  enabled: _enabled,
  metadata: _metadata,
  ...plain
}: ServerChange): JsonObject {
  const isNew = plain.name !== undefined && plain.url !== undefined;
  const spoken = transport ?? (isNew ? 'http' : undefined);
  return given({
    ...plain,
    transport: spoken && transports[spoken],
    ...(authentication !== undefined && authOf(authentication)),
  });
}

function authOf(authentication: Authentication): JsonObject {
  switch (authentication.type) {
    case 'none':
      return { auth_type: 'none' };
    case 'bearer':
      return { auth_type: 'bearer', auth_token: authentication.token };
    case 'basic':
      return { auth_type: 'basic', auth_username: authentication.username, auth_password: authentication.password };
    case 'api_key':
      return headersAuth({ [authentication.header ?? 'X-API-Key']: authentication.value });
    default:
      return headersAuth(authentication.headers);
  }
}

function headersAuth(headers: Readonly<Record<string, string>>): JsonObject {
  return { auth_type: 'authheaders', auth_headers: Object.entries(headers).map(([key, value]) => ({ key, value })) };
}
