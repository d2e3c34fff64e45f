import { McpError } from '@toolwire/client-core';
import type { DialectName } from './dialect.ts';
import type { GatewayAnswer, GatewayHttp } from './gateway-http.ts';
import { flagAt, listAt, objectAt, textAt } from './json.ts';

/** What an address of a gateway says of its dialect; undefined where nothing answers. */
type Evidence = Readonly<Record<string, GatewayAnswer | undefined>>;

/** How each dialect is known, the surest first. A refusal of the credential is an answer, too. */
const signs: readonly { dialect: DialectName; isSeen: (evidence: Evidence) => boolean }[] = [
  {
    dialect: 'context-forge',
    isSeen: ({ '/health': health }) =>
      objectAt(health?.body, 'mcp_runtime') !== undefined ||
      health?.header('x-contextforge-mcp-runtime-mode') !== undefined,
  },
  {
    dialect: 'litellm',
    isSeen: ({ '/health/liveliness': alive }) =>
      alive?.status === 200 && (alive.header('x-litellm-version') !== undefined || /alive/i.test(String(alive.body))),
  },
  { dialect: 'mcp-hub', isSeen: ({ '/api/health': health }) => textAt(health?.body, 'server_id') === 'mcp-hub' },
  { dialect: 'mcp-proxy', isSeen: ({ '/status': status }) => objectAt(status?.body, 'server_instances') !== undefined },
  {
    dialect: 'registry',
    isSeen: ({ '/v0.1/servers': servers }) => {
      const list = listAt(servers?.body, 'servers');
      return list !== undefined && list.every((entry) => objectAt(entry, 'server') !== undefined);
    },
  },
  {
    dialect: 'microsoft',
    isSeen: ({ '/ping': ping, '/adapters': adapters }) =>
      ping?.status === 200 && (Array.isArray(adapters?.body) || isRefusal(adapters)),
  },
  {
    dialect: 'rest',
    isSeen: ({ '/servers': servers }) =>
      Array.isArray(servers?.body) ||
      listAt(servers?.body, 'servers', 'data', 'items') !== undefined ||
      isRefusal(servers),
  },
  { dialect: 'mcp-only', isSeen: ({ '': itself, '/mcp': mcp }) => [itself, mcp].some(isMcp) },
];

const paths = [
  '',
  '/health',
  '/health/liveliness',
  '/api/health',
  '/status',
  '/v0.1/servers',
  '/ping',
  '/adapters',
  '/servers',
  '/mcp',
];

/** What may be an event stream may keep its answer back until it has an event: milliseconds to wait for it. */
const patienceMs: Readonly<Record<string, number>> = { '': 3000, '/mcp': 3000 };

/** Finds the dialect of a gateway by GET requests alone, side by side. */
export async function detectDialect(http: GatewayHttp): Promise<DialectName> {
  const failures: unknown[] = [];
  const query = { limit: 1 }; // For those that list.
  const answers = await Promise.all(
    paths.map((path) =>
      http.ask(path, { isProbe: true, timeoutMs: patienceMs[path], query }).catch((error: unknown) => {
        failures.push(error);
        return undefined;
      }),
    ),
  );
  const evidence = Object.fromEntries(paths.map((path, index) => [path, answers[index]]));
  const sign = signs.find(({ isSeen }) => isSeen(evidence));
  if (sign !== undefined) return sign.dialect;
  if (failures.length === paths.length) throw failures[0];
  const text = `${http.base.origin}${http.base.pathname} is no gateway of a dialect that is known; name the dialect if it is one`;
  throw new McpError('unsupported-capability', text, { delivered: 'yes' });
}

function isRefusal(answer: GatewayAnswer | undefined): boolean {
  return answer?.status === 401 || answer?.status === 403;
}

/** An MCP endpoint answers GET with a stream, or with a reason why not. */
function isMcp(answer: GatewayAnswer | undefined): boolean {
  if (answer === undefined) return false;
  const isStream = answer.header('content-type')?.startsWith('text/event-stream') === true;
  return isStream || [400, 401, 405, 406].includes(answer.status) || flagAt(answer.body, 'jsonrpc') !== undefined;
}
