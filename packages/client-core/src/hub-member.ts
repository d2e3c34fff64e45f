import { McpClient } from './client.ts';
import { ConnectTimeoutError, type McpError } from './errors.ts';
import type { KnownListOptions } from './hub-list.ts';
import { listMethods, listsOf, type Listed, type ListKind, type Lists } from './hub-lists.ts';
import type { HubFailure, HubOptions, HubServer, HubTool } from './hub-options.ts';
import { isAllowed, readServer, toolGuard } from './hub-policy.ts';
import type { StartGate } from './hub-starts.ts';
import { guarded, type OnReport } from './protocol/report.ts';
import type { Tool } from './protocol/types.ts';
import { abortable, withTimeout } from './signals.ts';
import type { ConnectionStatus } from './status.ts';

/** The client's own error says more about a server than ours: it has this long to come first. */
const graceMs = 1000;

/** One server of a hub: its client, its policy, and what is known of it. */
export class HubMember {
  readonly name: string;
  readonly client: McpClient;
  /** Whether the hub lets this tool be used. */
  readonly mayUse: (tool: string) => boolean;
  /** The present state of the connection; undefined before its first use. */
  state: ConnectionStatus | undefined;
  readonly #options: HubOptions;
  readonly #starting: StartGate;
  readonly #connectTimeoutMs: number;
  readonly #lists: Lists;
  readonly #report: OnReport;
  #connectFailure: unknown;
  #isClosed = false;

  constructor(name: string, server: HubServer, options: HubOptions, starting: StartGate) {
    const { target, policy } = readServer(name, server);
    const { onToolsChanged, onReport, onServerError: _, interceptors = [], ...common } = options;
    const isGuarded = [options, policy].some(({ allow, deny }) => allow !== undefined || deny !== undefined);
    const isWatched = (onToolsChanged ?? policy.onToolsChanged) !== undefined;
    this.name = name;
    this.mayUse = (tool) => isAllowed(options, tool) && isAllowed(policy, tool);
    this.#options = options;
    this.#starting = starting;
    this.#connectTimeoutMs = policy.connectTimeoutMs ?? options.connectTimeoutMs ?? 15_000;
    this.#report = guarded((report) => onReport?.(name, report));
    this.client = new McpClient(target, {
      ...common,
      ...policy,
      interceptors: [
        ...interceptors,
        ...(policy.interceptors ?? []),
        ...(isGuarded ? [toolGuard(name, this.mayUse)] : []), // The last: the others do not get past it.
      ],
      onReport: (report) => {
        this.#report(report);
        policy.onReport?.(report);
      },
      ...(isWatched && { onToolsChanged: (tools) => this.#onToolsChanged(tools, policy.onToolsChanged) }),
    });
    const { listTimeoutMs = 10_000 } = options;
    this.#lists = listsOf(this.client, { name, listTimeoutMs, onFailed: (error) => this.#failed(error) });
  }

  get failures(): HubFailure[] {
    const ofLists = Object.entries(this.#lists).map(([kind, { failure }]) => ({
      method: listMethods[kind as ListKind], // The keys of `Lists`.
      error: failure,
    }));
    return [{ method: 'initialize', error: this.#connectFailure }, ...ofLists]
      .filter(({ error }) => error !== undefined)
      .map((failure) => ({ server: this.name, ...failure }));
  }

  /** Connects within `timeoutMs`; a server that is late goes on connecting. */
  async connect(timeoutMs: number = this.#connectTimeoutMs + graceMs): Promise<void> {
    const late = (): McpError => new ConnectTimeoutError(`${this.name} did not connect within ${timeoutMs} ms`);
    try {
      await this.#starting(() => withTimeout(this.client.connect(), timeoutMs, late));
    } catch (error) {
      this.#connectFailure = error;
      this.#failed(error);
      throw error;
    }
  }

  onStatus(status: ConnectionStatus): void {
    if (status.type !== 'resync') this.state = status; // That is an event, not a state.
    if (status.type === 'connected') this.#connectFailure = undefined;
  }

  /** Asks for a list; when the server does not give it, the last known one, or undefined. Rejects with `signal.reason` only. */
  async list<Kind extends ListKind>(
    kind: Kind,
    { inTurn = false, ...options }: KnownListOptions,
  ): Promise<readonly Listed[Kind][] | undefined> {
    const { signal } = options;
    const list = this.#lists[kind];
    const read = async (): Promise<unknown> => {
      signal?.throwIfAborted();
      return list.read(options);
    };
    const mustStart = inTurn && this.client.server === undefined;
    const asked = mustStart ? abortable(this.#starting(read), signal) : read();
    await asked.catch(() => signal?.throwIfAborted()); // The list keeps the failure.
    return list.items;
  }

  /** What is known of a list; the server is asked only for one that it was never asked for. */
  async known<Kind extends ListKind>(
    kind: Kind,
    options: KnownListOptions,
  ): Promise<readonly Listed[Kind][] | undefined> {
    const { items, failure } = this.#lists[kind];
    return items === undefined && failure === undefined ? this.list(kind, options) : items;
  }

  lastKnown<Kind extends ListKind>(kind: Kind): readonly Listed[Kind][] | undefined {
    return this.#lists[kind].items;
  }

  /** Why the server did not give a list the last time. */
  failureOf(kind: ListKind): unknown {
    return this.#lists[kind].failure;
  }

  async close(drainMs = 0): Promise<void> {
    this.#isClosed = true;
    await this.client.close({ drainMs });
  }

  #onToolsChanged(tools: Tool[], onChanged: ((tools: Tool[]) => void) | undefined): void {
    this.#lists.tools.set(tools);
    this.#tell(() => onChanged?.(tools));
    this.#tell(() =>
      this.#options.onToolsChanged?.(
        this.name,
        tools.map((tool) => hubTool(this.name, tool)),
      ),
    );
  }

  #failed(error: unknown): void {
    if (!this.#isClosed) this.#tell(() => this.#options.onServerError?.(this.name, error));
  }

  /** A callback that throws must not break what it is told of. */
  #tell(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.#report({ kind: 'callback-error', message: `A callback threw: ${String(error)}`, detail: error });
    }
  }
}

/** A tool under the name by which a hub knows it. */
export function hubTool(server: string, tool: Tool): HubTool {
  return { ...tool, name: `${server}/${tool.name}`, server, tool: tool.name };
}
