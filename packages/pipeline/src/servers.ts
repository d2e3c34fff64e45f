import { McpClient, parseConfig, type ClientOptions, type Target, type ToolCaller } from '@toolwire/client-core';
import type { PipelineDefinition, PipelineServer } from './definition.ts';
import { PipelineError } from './errors.ts';
import { Slots } from './waiting.ts';

/** What calls go to: something that is connected already, or what can be connected to. */
export type ServerTarget = Target | ToolCaller;

/** The servers of one pipeline. */
export interface ServerSet {
  /** The server and the tool that `server.tool` or `server/tool` names. */
  find(name: string): { server: string; tool: string };
  policy(server: string): PipelineServer;
  /** How many calls may be under way there at once. */
  slots(server: string): Slots;
  /** Throws for a name that no server has, and for one that cannot be opened. */
  caller(server: string): ToolCaller;
}

export interface ServersOptions {
  /** Used before those that a pipeline brings. */
  given: Readonly<Record<string, ServerTarget>>;
  env: Readonly<Record<string, string | undefined>>;
  client: ClientOptions;
}

/** Connects to servers when they are first called, once for all runs, and closes what it opened. */
export class Servers implements AsyncDisposable {
  readonly #options: ServersOptions;
  readonly #callers = new Map<string, ToolCaller>();
  readonly #slots = new Map<string, Slots>();
  readonly #clients: McpClient[] = [];

  constructor(options: ServersOptions) {
    this.#options = options;
  }

  of(pipeline: PipelineDefinition): ServerSet {
    const policy = (server: string): PipelineServer => ownEntry(pipeline.servers, server) ?? {};
    // Two pipelines may mean different servers by one name.
    const identity = (server: string): string => JSON.stringify([server, policy(server)]);
    return {
      find: toolNamed,
      policy,
      slots: (server) => kept(this.#slots, identity(server), () => new Slots(policy(server).concurrency ?? Infinity)),
      caller: (server) => kept(this.#callers, identity(server), () => this.#callerFor(pipeline, server)),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // One that does not end in order must not keep a finished run from being finished.
    await Promise.allSettled(this.#clients.map((client) => client.close()));
  }

  #callerFor(pipeline: PipelineDefinition, name: string): ToolCaller {
    const { given, client, env } = this.#options;
    const target = ownEntry(given, name) ?? configured(pipeline, name, env);
    if (typeof target === 'object' && 'callTool' in target) return target;
    const opened = new McpClient(target, client);
    this.#clients.push(opened);
    return opened;
  }
}

function toolNamed(name: string): { server: string; tool: string } {
  const separator = name.includes('/') ? '/' : '.';
  const at = name.indexOf(separator);
  return { server: name.slice(0, at), tool: name.slice(at + 1) };
}

function configured(pipeline: PipelineDefinition, name: string, env: ServersOptions['env']): Target {
  const entry = ownEntry(pipeline.servers, name);
  if (entry === undefined) {
    const text = `${pipeline.name}: there is no server ${JSON.stringify(name)}; name it in \`servers\``;
    throw new PipelineError('definition-invalid', text);
  }
  const config = JSON.stringify({ mcpServers: { [name]: entry } });
  const parsed = parseConfig(config, { file: `pipeline ${pipeline.name}`, env });
  const target = ownEntry(parsed, name);
  if (target !== undefined) return target;
  throw new PipelineError('definition-invalid', `${pipeline.name}: the server ${JSON.stringify(name)} is disabled`);
}

function kept<Value>(values: Map<string, Value>, key: string, make: () => Value): Value {
  const value = values.get(key) ?? make();
  values.set(key, value);
  return value;
}

/** Any name is a name, `__proto__` too. */
function ownEntry<Value>(record: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
