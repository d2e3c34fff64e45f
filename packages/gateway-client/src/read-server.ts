import { McpError, type JsonObject } from '@toolwire/client-core';
import { flagAt, given, isObject, listAt, numberAt, objectAt, textAt } from './json.ts';
import type { GatewayServer, ServerState, ServerTransport } from './server.ts';

/** The words of the gateways for the states of a server. */
const states: Record<ServerState, readonly string[]> = {
  active: ['active', 'connected', 'ready', 'running', 'healthy', 'ok', 'approved'],
  pending: ['pending', 'connecting', 'registering', 'starting', 'pending_review'],
  deleting: ['deleting', 'disconnecting'],
  disabled: ['disabled', 'inactive', 'stopped', 'rejected'],
  unreachable: ['unreachable', 'unhealthy', 'disconnected', 'error', 'failed', 'unauthorized'],
  unknown: [],
};

const stateOf = new Map(Object.entries(states).flatMap(([state, words]) => words.map((word) => [word, state])));

const transports: Readonly<Record<string, ServerTransport>> = {
  http: 'streamable-http',
  'streamable-http': 'streamable-http',
  streamable_http: 'streamable-http',
  streamablehttp: 'streamable-http',
  sse: 'sse',
  ws: 'websocket',
  websocket: 'websocket',
  stdio: 'stdio',
};

/** A server in the words that most gateways share, in either spelling. */
export function readServer(raw: JsonObject): GatewayServer {
  const name = textAt(raw, 'name', 'server_name', 'serverName', 'id');
  const id = textAt(raw, 'id', 'server_id', 'serverId') ?? name;
  if (name === undefined || id === undefined)
    throw new McpError('invalid-response', 'The gateway lists a server that has neither name nor id');
  const enabled = flagAt(raw, 'enabled', 'isEnabled', 'is_active') ?? flagAt(raw, 'disabled') !== true;
  const transport = transports[textAt(raw, 'transport', 'transportType', 'type')?.toLowerCase() ?? ''];
  return {
    id,
    name,
    ...given({
      url: shownUrl(textAt(raw, 'url')),
      transport,
      description: textAt(raw, 'description'),
      authentication: textAt(raw, 'authType', 'auth_type') ?? textAt(objectAt(raw, 'authentication'), 'type'),
      toolCount: numberAt(raw, 'toolCount', 'tool_count'),
      mcpUrl: textAt(raw, 'mcpUrl', 'mcp_url'),
    }),
    tags: tagsOf(raw),
    enabled,
    state: readState(raw, enabled),
  };
}

function readState(raw: JsonObject, enabled: boolean): ServerState {
  const word = textAt(raw, 'status', 'state')?.toLowerCase() ?? '';
  const said = (stateOf.get(word) ?? 'unknown') as ServerState; // The keys of `states`.
  if (said === 'pending' || said === 'deleting') return said;
  if (!enabled) return 'disabled';
  return flagAt(raw, 'reachable') === false ? 'unreachable' : said;
}

function tagsOf(raw: JsonObject): string[] {
  const { tags } = raw;
  const named = listAt(raw, 'tags')?.flatMap((tag) => textAt(tag, 'label', 'name', 'id') ?? []) ?? [];
  const plain = Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
  return [...plain, ...named];
}

/** User, password and query of a URL may be secrets; that there is a query tells servers apart. */
function shownUrl(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return url;
  const { protocol, host, pathname, search } = new URL(url);
  return `${protocol}//${host}${pathname}${search === '' ? '' : '?…'}`;
}

/** The server in the answer to a registration or a question for one, which some gateways wrap. */
export function serverIn(body: unknown): JsonObject | undefined {
  const inner = objectAt(body, 'server') ?? objectAt(body, 'data') ?? objectAt(body, 'gateway');
  if (inner !== undefined) return inner;
  return isObject(body) && textAt(body, 'name', 'server_name', 'id') !== undefined ? body : undefined;
}
