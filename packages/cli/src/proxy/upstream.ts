import { setTimeout as sleep } from 'node:timers/promises';
import { McpClient, type CallOptions, type JsonObject, type ServerInfo } from '@toolwire/client-core';
import type { Route } from '../route-to.ts';
import { isObject, textOf, type HostIdentity } from './envelope.ts';
import type { Log } from './log.ts';
import { patience, patienceMs } from './patience.ts';
import { refusal, rpcCode } from './rpc-error.ts';
import type { ToolFilter } from './tool-filter.ts';

/** A server behind the proxy: how to reach it, and what hosts get of it. */
export interface UpstreamOptions {
  readonly route: Route;
  readonly offers: ToolFilter;
  /** Milliseconds for connecting. */
  readonly connectTimeoutMs: number;
  /** Milliseconds that a call may take without progress. */
  readonly timeoutMs: number;
  readonly log: Log;
}

/** What a server says without being asked. */
export interface UpstreamListener {
  onNotification(method: string, params: JsonObject): void;
  /** Answers a question of the server. */
  ask(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject>;
}

const closeGraceMs = 500;
const longestCallMs = 60 * 60_000;

/** The proxy's own session with the server, for one host: it says of itself what the host says. */
export class Upstream {
  readonly client: McpClient;
  readonly #options: UpstreamOptions;
  readonly #connect: (options: CallOptions) => Promise<unknown>;

  constructor(options: UpstreamOptions, { clientInfo, capabilities }: HostIdentity, listener: UpstreamListener) {
    const { route, connectTimeoutMs, timeoutMs, log } = options;
    const patient = patience({ log, wait: (ms, signal) => sleep(ms, undefined, { ...(signal && { signal }) }) });
    this.#options = options;
    this.client = new McpClient(route.target, {
      ...route.options,
      clientInfo,
      capabilities,
      handlers: { request: (method, params, { signal }) => listener.ask(method, params, signal) },
      connectTimeoutMs,
      timeoutMs,
      maxTotalMs: Math.max(longestCallMs, timeoutMs),
      closeGraceMs,
      maxRetryWaitMs: patienceMs,
      onRetry: ({ method, delayMs, error }) =>
        log.say(`${method} is sent again in ${(delayMs / 1000).toFixed(1)} s: ${error.message}`),
      interceptors: [patient],
      onNotification: (method, params) => listener.onNotification(method, params),
      onStderr: (text) => log.stderr(text),
      onReport: ({ kind, message }) => (kind === 'transport-error' ? log.say(message) : log.detail(message)),
    });
    const connect = patient(() =>
      this.client.connect().catch((error: unknown) => {
        log.say(`cannot connect: ${error instanceof Error ? error.message : String(error)}`);
        throw error;
      }),
    );
    this.#connect = (callOptions) => connect({ method: 'initialize', params: {}, options: callOptions });
  }

  /** Connects, unless that is done, and tells what the server says of itself. */
  async connect(options: CallOptions = {}): Promise<ServerInfo> {
    return this.client.server ?? ((await this.#connect(options)) as ServerInfo); // What `connect` settles with.
  }

  /** Sends a request of the host; lists are sent whole, repaired where the server got them wrong, and without hidden tools. */
  async request(method: string, params: JsonObject, options: CallOptions): Promise<JsonObject> {
    const { offers } = this.#options;
    const name = textOf(params['name']) ?? '';
    if (method === 'tools/call' && !offers(name))
      throw refusal(rpcCode.invalidParams, `The proxy does not offer the tool ${name}`);
    const verb = verbs.get(method);
    if (verb === undefined) return this.client.request(method, params, options);
    return verb(this.client, params, options, offers);
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

type Verb = (client: McpClient, params: JsonObject, options: CallOptions, offers: ToolFilter) => Promise<JsonObject>;

/** Requests for which the client does more than to send them: it repairs results, adds headers, walks through pages. */
const verbs: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ['tools/call', callTool],
  [
    'tools/list',
    async (client, _params, options, offers) => {
      const tools = await client.listTools(options);
      return { tools: tools.filter(({ name }) => offers(name)) };
    },
  ],
  ['prompts/list', async (client, _params, options) => ({ prompts: await client.listPrompts(options) })],
  ['resources/list', async (client, _params, options) => ({ resources: await client.listResources(options) })],
  [
    'resources/templates/list',
    async (client, _params, options) => ({ resourceTemplates: await client.listResourceTemplates(options) }),
  ],
]);

async function callTool(client: McpClient, params: JsonObject, options: CallOptions): Promise<JsonObject> {
  const { name, arguments: args = {}, ...others } = params;
  const isPlain = typeof name === 'string' && isObject(args) && Object.keys(others).length === 0;
  if (!isPlain) return client.request('tools/call', params, options);
  const { raw } = await client.callTool(name, args, options);
  return { ...raw };
}
