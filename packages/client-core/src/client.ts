import { callStack } from './call-stack.ts';
import { decodeResource, ToolResult } from './content.ts';
import { newCounters, type Counters } from './counters.ts';
import { ProtocolError } from './errors.ts';
import type { ClientOptions, ReadOptions } from './client-options.ts';
import { capabilitiesOf } from './handlers.ts';
import type { ServerInfo } from './handshake.ts';
import { intercept, type CallOptions, type RequestHandler } from './interceptor.ts';
import type { Connection } from './open-connection.ts';
import { listAgain } from './list-again.ts';
import { allPages } from './pagination.ts';
import { rpcCode, type JsonObject } from './protocol/jsonrpc.ts';
import { guarded, type OnReport } from './protocol/report.ts';
import type {
  CompleteResult,
  GetPromptResult,
  Implementation,
  LoggingLevel,
  LoggingMessageNotificationParams,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplate,
  Tool,
} from './protocol/types.ts';
import * as check from './protocol/validate.ts';
import { ResponseCache } from './response-cache.ts';
import { Session } from './session.ts';
import { abortable } from './signals.ts';
import type { ConnectionStatus } from './status.ts';
import { changeOf, Subscriptions, type Subscription, type SubscriptionFilter } from './subscriptions.ts';
import { transportOpener, type Target } from './target.ts';
import { toolError, ToolIndex } from './tool-index.ts';
import { toolGuard, type ToolGuard } from './tool-lock-guard.ts';
import { watchTools } from './watch-tools.ts';

/** What bridges, gateways and pipelines need of a server: a client, a hub and a gateway each are one. */
export interface ToolCaller {
  listTools(options?: ReadOptions): Promise<Tool[]>;
  callTool(name: string, args?: JsonObject, options?: CallOptions): Promise<ToolResult>;
}

/** A prompt or a resource template whose argument is to be completed. */
export type CompletionReference = { type: 'ref/prompt'; name: string } | { type: 'ref/resource'; uri: string };

const defaultClientInfo: Implementation = { name: 'toolwire', version: '0.1.0' };

/** A client of one MCP server; it connects on first use, and again when the connection was lost. */
export class McpClient implements ToolCaller {
  readonly #options: ClientOptions;
  readonly #onReport: OnReport;
  readonly #session: Session;
  readonly #connect: RequestHandler;
  readonly #ask: RequestHandler;
  readonly #cache = new ResponseCache();
  readonly #tools = new ToolIndex();
  readonly #guard: ToolGuard | undefined;
  readonly #subscriptions: Subscriptions;
  readonly #counters: Counters = newCounters();
  /** The lists that somebody holds: they are listed again when changes may have been missed. */
  readonly #listed = new Set<string>();
  #logLevel: LoggingLevel | undefined;

  constructor(target: Target, options: ClientOptions = {}) {
    const { handlers = {}, connectTimeoutMs = 15_000, timeoutMs = 60_000, maxTotalMs = 600_000 } = options;
    this.#options = options;
    this.#onReport = guarded((report) => {
      if (report.kind.startsWith('ignored')) this.#counters.ignored++;
      options.onReport?.(report);
    });
    this.#guard = toolGuard(this, options, this.#onReport);
    this.#session = new Session(transportOpener(target, options, this.#onReport), {
      identity: {
        clientInfo: options.clientInfo ?? defaultClientInfo,
        capabilities: capabilitiesOf(handlers, options.capabilities),
      },
      handlers,
      protocolVersion: options.protocolVersion ?? 'auto',
      connectTimeoutMs,
      probeTimeoutMs: options.probeTimeoutMs ?? 3000,
      timeoutMs,
      maxTotalMs,
      strict: options.strict ?? false,
      onReport: this.#onReport,
      onNotification: (method, params) => this.#onNotification(method, params),
      keepAliveMs: options.keepAliveMs,
      idleCloseMs: options.idleCloseMs,
      onConnected: (isFirst) => this.#onConnected(isFirst),
      onReconnected: (connection) => this.#restore(connection, Math.min(timeoutMs, restoreTimeoutMs)),
      onResync: () => this.#resync(),
      isWanted: () => this.#subscriptions.isWanted,
    });
    this.#subscriptions = new Subscriptions(this.#session, (what) =>
      check.odd(this.#checking('subscriptions/listen'), 'dropped', what),
    );
    const held = this.#guard?.hold(options) ?? options;
    const { forCalls, forConnect } = callStack(held, { connectTimeoutMs, maxTotalMs }, this.#counters);
    this.#connect = forConnect(() => this.#session.connect());
    this.#ask = intercept(forCalls, (request) => this.#session.request(request));
  }

  /** What the server says of itself, once connected. */
  get server(): ServerInfo | undefined {
    return this.#session.server;
  }

  /** What was done and met so far; a copy. */
  get counters(): Counters {
    return { ...this.#counters };
  }

  /** Connects now rather than on first use; also a server that was given up because it crashed again and again. */
  async connect(): Promise<ServerInfo> {
    this.#session.forgive();
    await this.#connect({ method: 'initialize', params: {}, options: {} });
    return (await this.#session.connect()).server;
  }

  /** Every tool, of every page. */
  async listTools(options: ReadOptions = {}): Promise<Tool[]> {
    const tools = await this.#list('tools/list', 'tools', check.keepTool, options);
    const usable = this.#tools.replace(tools, this.#session.hasParamHeaders, (what, tool) =>
      check.odd(this.#checking('tools/list'), 'dropped', what, tool),
    );
    return this.#guard?.check(usable) ?? usable;
  }

  /** Calls a tool by its name. A failure that the tool reports is a result with `isError`. */
  async callTool(name: string, args: JsonObject = {}, options: CallOptions = {}): Promise<ToolResult> {
    if (this.#options.validateArguments === true) await this.#tools.checkArguments(name, args);
    const raw = check.checkToolResult(this.#checking('tools/call'), await this.#call(name, args, options));
    const violation = this.#tools.hasOutputSchema(name) ? await this.#tools.violationOf(name, raw) : undefined;
    if (violation !== undefined) check.odd(this.#checking(`tools/call ${name}`), 'schema-violation', violation, raw);
    const result = new ToolResult(raw);
    if (result.isError && this.#options.throwOnToolError === true) throw toolError(name, result.text());
    return result;
  }

  async listResources(options: ReadOptions = {}): Promise<Resource[]> {
    return this.#list('resources/list', 'resources', check.keepResource, options);
  }

  async listResourceTemplates(options: ReadOptions = {}): Promise<ResourceTemplate[]> {
    return this.#list('resources/templates/list', 'resourceTemplates', check.keepTemplate, options);
  }

  /** A resource as the protocol carries it: parts of text or base64. */
  async readResource(uri: string, options: ReadOptions = {}): Promise<ReadResourceResult> {
    return check.checkReadResult(
      this.#checking('resources/read'),
      await this.#read('resources/read', { uri }, options),
    );
  }

  /** A resource's value: JSON where its type says so, text, or bytes; several parts become an array. */
  async getResource(uri: string, options: ReadOptions = {}): Promise<unknown> {
    return decodeResource(await this.readResource(uri, options));
  }

  async listPrompts(options: ReadOptions = {}): Promise<Prompt[]> {
    return this.#list('prompts/list', 'prompts', check.keepPrompt, options);
  }

  async getPrompt(
    name: string,
    args: Readonly<Record<string, string>> = {},
    options: CallOptions = {},
  ): Promise<GetPromptResult> {
    const result = await this.#ask({ method: 'prompts/get', params: { name, arguments: args }, options });
    return check.checkPromptResult(this.#checking('prompts/get'), result);
  }

  /** Values that an argument of a prompt or of a resource template may take; `context` holds the arguments chosen so far. */
  async complete(
    reference: CompletionReference,
    argument: { name: string; value: string },
    options: CallOptions & { context?: Readonly<Record<string, string>> } = {},
  ): Promise<CompleteResult['completion']> {
    const { context, ...callOptions } = options;
    const params = { ref: reference, argument, ...(context !== undefined && { context: { arguments: context } }) };
    const result = await this.#ask({ method: 'completion/complete', params, options: callOptions });
    return check.checkCompletion(this.#checking('completion/complete'), result).completion;
  }

  /** Settles when the server answers. The modern era has no ping: `server/discover` is as cheap. */
  async ping(options: CallOptions = {}): Promise<void> {
    const { era } = await abortable(this.#session.connect(), options.signal);
    await this.#ask({ method: era === 'modern' ? 'server/discover' : 'ping', params: {}, options });
  }

  /** The least severe log messages that the server sends; kept over reconnections. */
  async setLogLevel(level: LoggingLevel, options: CallOptions = {}): Promise<void> {
    const { era } = await abortable(this.#session.connect(), options.signal);
    this.#session.logLevel = level; // The modern era says it with every request.
    if (era === 'legacy') await this.#ask({ method: 'logging/setLevel', params: { level }, options });
    this.#logLevel = level;
  }

  /** Changes on the server, as they come: of one resource by its URI, or of all that the filter names. */
  subscribe(filter: string | SubscriptionFilter): Promise<Subscription> {
    return this.#subscriptions.open(typeof filter === 'string' ? { resources: [filter] } : filter);
  }

  /** Any other request, such as one of an extension; its result is passed on unchecked. */
  async request(method: string, params: JsonObject = {}, options: CallOptions = {}): Promise<JsonObject> {
    return check.checkObject(this.#checking(method), await this.#ask({ method, params, options }));
  }

  /** Tells the server something that needs no answer, such as `notifications/roots/list_changed`. */
  notify(method: string, params?: JsonObject): Promise<void> {
    return this.#session.notify(method, params);
  }

  /** The connection's life: the present state first, then each change; ends when the client is closed. */
  status(): AsyncIterable<ConnectionStatus> {
    return this.#session.status();
  }

  /** Ends the session, the streams and the child process; calls that are still under way after `drainMs` (0) reject. */
  async close({ drainMs = 0 }: { drainMs?: number } = {}): Promise<void> {
    this.#subscriptions.closeAll();
    await this.#session.close(drainMs);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A tool whose headers the server finds wrong (-32020) has changed: it is listed again, and called once more. */
  async #call(name: string, args: JsonObject, options: CallOptions): Promise<unknown> {
    const send = (): Promise<unknown> => {
      const repeated = this.#tools.headersFor(name, args);
      const headers = repeated === undefined ? options.headers : { ...repeated, ...options.headers };
      const onProgress = options.onProgress ?? ignore; // Progress keeps a long call from its timeout.
      const idempotent =
        options.idempotent ?? (this.#options.trustAnnotations === true && this.#tools.isIdempotent(name));
      return this.#ask({
        method: 'tools/call',
        params: { name, arguments: args },
        options: { ...options, headers, onProgress, idempotent },
      });
    };
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof ProtocolError) || error.rpcCode !== rpcCode.headerMismatch) throw error;
      await this.listTools({ fresh: true, signal: options.signal });
      return send();
    }
  }

  async #list<T>(method: string, key: string, keep: check.Keep<T>, options: ReadOptions): Promise<T[]> {
    const checking = this.#checking(method);
    this.#listed.add(method);
    return allPages(method, async (cursor) => {
      const result = await this.#read(method, cursor === undefined ? {} : { cursor }, options);
      const items = check.checkList(checking, result, key, (item, path) => keep(checking, item, path));
      const { nextCursor } = result as JsonObject;
      return { items, nextCursor: typeof nextCursor === 'string' ? nextCursor : undefined };
    });
  }

  async #read(method: string, params: JsonObject, { fresh = false, ...options }: ReadOptions): Promise<unknown> {
    const kept = fresh ? undefined : this.#cache.get(method, params);
    if (kept !== undefined) return kept;
    const { version } = this.#cache;
    const result = await this.#ask({ method, params, options });
    if (this.#session.era === 'modern') this.#cache.set(method, params, result, version);
    return result;
  }

  #onNotification(method: string, params: JsonObject): void {
    const change = changeOf(method, params);
    if (change !== undefined) this.#cache.invalidate(change.type);
    if (change?.type === 'tools') this.#guard?.outdate();
    // A log message is what the server says it is: shown to people, never computed with.
    if (method === 'notifications/message')
      this.#options.onLog?.(params as unknown as LoggingMessageNotificationParams);
    this.#options.onNotification?.(method, params);
    this.#subscriptions.onNotification(method, params);
  }

  async #restore(connection: Connection, timeoutMs: number): Promise<void> {
    if (this.#logLevel !== undefined && connection.era === 'legacy') {
      await connection.peer.request(
        'logging/setLevel',
        { level: this.#logLevel },
        { timeoutMs, maxTotalMs: timeoutMs },
      );
    }
    await this.#subscriptions.restore(connection, timeoutMs);
  }

  #onConnected(isFirst: boolean): void {
    this.#counters.connections++;
    const { onToolsChanged } = this.#options;
    if (!isFirst) this.#guard?.outdate();
    if (!isFirst || onToolsChanged === undefined) return;
    watchTools(this, onToolsChanged).catch((error: unknown) =>
      this.#onReport({ kind: 'transport-error', message: 'The tools are not watched', detail: error }),
    );
  }

  /** Lists again what was listed before, and has the subscribers read again what they hold. */
  async #resync(): Promise<void> {
    this.#cache.clear();
    await listAgain(this, this.#listed).finally(() => this.#subscriptions.emitAll());
  }

  #checking(method: string): check.Checking {
    return { method, strict: this.#options.strict ?? false, onReport: this.#onReport };
  }
}

/** Milliseconds that a new session waits for each thing it restores: calls wait for it. */
const restoreTimeoutMs = 5000;

function ignore(): void {}
