import { Broadcast } from './broadcast.ts';
import type { McpClient, ToolCaller } from './client.ts';
import type { ReadOptions } from './client-options.ts';
import type { ToolResult } from './content.ts';
import { failedTogether, hubClosed, invalidHub } from './hub-errors.ts';
import { chosenBy } from './hub-globs.ts';
import type { Listed, ListKind } from './hub-lists.ts';
import { HubMember, hubTool } from './hub-member.ts';
import { choose, chooseForResource, memberOf, readings, waiting, withRestOfTime, type Place } from './hub-names.ts';
import type {
  HubConnectOptions,
  HubConnectResult,
  HubFailure,
  HubListOptions,
  HubOptions,
  HubPrompt,
  HubResource,
  HubResourceTemplate,
  HubSearchOptions,
  HubServer,
  HubStatus,
  HubTool,
  HubToolOptions,
} from './hub-options.ts';
import { startGate, type StartGate } from './hub-starts.ts';
import type { CallOptions } from './interceptor.ts';
import { quote } from './protocol/excerpt.ts';
import type { JsonObject } from './protocol/jsonrpc.ts';
import type { GetPromptResult, ReadResourceResult } from './protocol/types.ts';
import { abortable } from './signals.ts';

/** Many servers by name. Each connects on first use; one that is dead, slow or wrong harms no other. */
export class McpHub implements ToolCaller {
  readonly #options: HubOptions;
  readonly #members = new Map<string, HubMember>();
  readonly #statuses = new Broadcast<HubStatus>();
  readonly #starting: StartGate;
  /** What tells of the members' states, until they are closed. */
  readonly #following = new Set<Promise<void>>();
  #isClosed = false;

  /** What `loadConfig` gives may be passed as it is; `{ target, … }` gives a server options of its own. */
  constructor(servers: Readonly<Record<string, HubServer>> = {}, options: HubOptions = {}) {
    const { maxStarting = 16 } = options;
    if (!(maxStarting >= 1))
      throw invalidHub(`maxStarting is ${maxStarting}; it must be a number of servers, 1 or more`);
    this.#options = options;
    this.#starting = startGate(maxStarting);
    for (const [name, server] of Object.entries(servers)) this.add(name, server);
  }

  /** The names of the servers. */
  get servers(): string[] {
    return [...this.#members.keys()];
  }

  /** What is missing, and why: the latest failure of each server to connect or to give a list, until it succeeds. */
  get failures(): HubFailure[] {
    return [...this.#members.values()].flatMap((member) => member.failures);
  }

  /** Adds a server; it connects on first use. */
  add(name: string, server: HubServer): void {
    if (this.#isClosed) throw hubClosed();
    if (this.#members.has(name)) throw invalidHub(`This hub has a server ${quote(name)} already; remove it first`);
    const member = new HubMember(name, server, this.#options, this.#starting);
    this.#members.set(name, member);
    const following = this.#follow(member).finally(() => this.#following.delete(following));
    this.#following.add(following);
  }

  /** Closes a server and forgets it; false when there was none. */
  async remove(name: string): Promise<boolean> {
    const member = this.#members.get(name);
    this.#members.delete(name);
    await member?.close();
    return member !== undefined;
  }

  /** The client of one server, for all that a hub does not do; the server's policy holds there, too. */
  client(name: string): McpClient {
    return memberOf(this.#open, name).client;
  }

  /** Connects now rather than on first use, side by side. */
  async connect({ onError = 'throw', servers, timeoutMs, signal }: HubConnectOptions = {}): Promise<HubConnectResult> {
    const members = this.#chosen(servers);
    const attempts = members.map(async (member) => ({
      server: member.name,
      error: await member.connect(timeoutMs).catch((error: unknown) => error),
    }));
    const outcomes = await abortable(Promise.all(attempts), signal);
    const failed = outcomes.filter(({ error }) => error !== undefined);
    if (failed.length > 0 && onError === 'throw') throw failedTogether('connect', failed, members.length);
    const ready = outcomes.filter(({ error }) => error === undefined).map(({ server }) => server);
    return { ready, failed };
  }

  /** The tools of all servers, as `server/tool`. For a server that does not answer, those it had last. */
  async listTools({ include, exclude, ...options }: HubToolOptions = {}): Promise<HubTool[]> {
    return (await this.#merged('tools', options, hubTool)).filter(chosenBy(include, exclude));
  }

  /** The tools whose names, titles and descriptions fit `query` best, the best first. Only servers that were never listed are asked, with `fresh` all. */
  async findTools(query: string, options: HubSearchOptions = {}): Promise<HubTool[]> {
    const { limit = 10, include, exclude, ...reading } = options;
    const tools = await this.#merged('tools', reading, hubTool, reading.fresh !== true);
    const { searchTools } = await import('./tool-search.ts'); // Most programs never search.
    return searchTools(tools.filter(chosenBy(include, exclude)), query, limit);
  }

  /** Calls `server/tool`; where that could mean several tools, pass the two apart. */
  async callTool(
    tool: string | { server: string; tool: string },
    args: JsonObject = {},
    options: CallOptions = {},
  ): Promise<ToolResult> {
    const startedAt = Date.now();
    const wanted = typeof tool === 'string' ? tool : { server: tool.server, name: tool.tool };
    const { member, name } = await this.#find('tools', wanted, options);
    return member.client.callTool(name, args, withRestOfTime(options, startedAt));
  }

  async listResources(options: HubListOptions = {}): Promise<HubResource[]> {
    return this.#merged('resources', options, (server, resource) => ({ ...resource, server }));
  }

  async listResourceTemplates(options: HubListOptions = {}): Promise<HubResourceTemplate[]> {
    return this.#merged('resourceTemplates', options, (server, template) => ({ ...template, server }));
  }

  /** Reads a resource from the one server that lists it, or has a template for it; name the server for any other. */
  async readResource(
    resource: string | { server: string; uri: string },
    options: ReadOptions = {},
  ): Promise<ReadResourceResult> {
    const startedAt = Date.now();
    const uri = typeof resource === 'string' ? resource : resource.uri;
    const { client } =
      typeof resource === 'string'
        ? await chooseForResource(uri, this.#open, { ...waiting(options), inTurn: true })
        : memberOf(this.#open, resource.server);
    return client.readResource(uri, withRestOfTime(options, startedAt));
  }

  /** The prompts of all servers, as `server/prompt`. */
  async listPrompts(options: HubListOptions = {}): Promise<HubPrompt[]> {
    return this.#merged('prompts', options, (server, prompt) => ({
      ...prompt,
      name: `${server}/${prompt.name}`,
      server,
      prompt: prompt.name,
    }));
  }

  /** Gets `server/prompt`; where that could mean several prompts, pass the two apart. */
  async getPrompt(
    prompt: string | { server: string; prompt: string },
    args: Readonly<Record<string, string>> = {},
    options: CallOptions = {},
  ): Promise<GetPromptResult> {
    const startedAt = Date.now();
    const wanted = typeof prompt === 'string' ? prompt : { server: prompt.server, name: prompt.prompt };
    const { member, name } = await this.#find('prompts', wanted, options);
    return member.client.getPrompt(name, args, withRestOfTime(options, startedAt));
  }

  /** The life of every connection: the present states first, then each change; ends when the hub is closed. */
  status(): AsyncIterable<HubStatus> {
    const states = [...this.#members.values()].flatMap(({ name, state }) =>
      state === undefined ? [] : [{ server: name, ...state }],
    );
    return this.#statuses.read(states);
  }

  /** Closes every connection; calls that are still under way after `drainMs` (0) reject. */
  async close({ drainMs = 0 }: { drainMs?: number } = {}): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#members.values()].map((member) => member.close(drainMs)));
    await Promise.all(this.#following);
    this.#statuses.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The members, for whoever wants to use them. */
  get #open(): ReadonlyMap<string, HubMember> {
    if (this.#isClosed) throw hubClosed();
    return this.#members;
  }

  #chosen(servers: readonly string[] | undefined): HubMember[] {
    const members = this.#open;
    return servers === undefined ? [...members.values()] : servers.map((name) => memberOf(members, name));
  }

  #find(
    kind: 'tools' | 'prompts',
    wanted: string | { server: string; name: string },
    options: CallOptions,
  ): Promise<Place> {
    if (typeof wanted === 'string') return choose(kind, wanted, readings(kind, wanted, this.#open), waiting(options));
    const { server, name } = wanted;
    return choose(kind, `${server}/${name}`, [{ member: memberOf(this.#open, server), name }], waiting(options));
  }

  /** The lists of all servers in one; rejects only when no server gives any. */
  async #merged<Kind extends ListKind, Item>(
    kind: Kind,
    { servers, ...options }: HubListOptions,
    give: (server: string, item: Listed[Kind]) => Item,
    isKnownEnough = false,
  ): Promise<Item[]> {
    const members = this.#chosen(servers);
    const lists = await Promise.all(
      members.map(async (member) => {
        const known = isKnownEnough ? member.lastKnown(kind) : undefined;
        const items = known ?? (await member.list(kind, { ...options, inTurn: true }));
        return items?.map((item) => give(member.name, item));
      }),
    );
    if (members.length > 0 && lists.every((list) => list === undefined)) {
      const failed = members.map((member) => ({ server: member.name, error: member.failureOf(kind) }));
      throw failedTogether(`list their ${kind}`, failed, failed.length);
    }
    return lists.flatMap((list) => list ?? []);
  }

  async #follow(member: HubMember): Promise<void> {
    for await (const status of member.client.status()) {
      member.onStatus(status);
      this.#statuses.emit({ server: member.name, ...status });
    }
  }
}
