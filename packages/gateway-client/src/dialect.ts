import type { HttpServerConfig, Interceptor } from '@toolwire/client-core';
import type { GatewayServer, Health, ServerChange, ServerSpec } from './server.ts';

/** The management APIs that are spoken. `rest` is the plain one of `POST /servers`; `mcp-only` has none. */
export type DialectName =
  | 'rest'
  | 'context-forge'
  | 'mcp-hub'
  | 'mcp-proxy'
  | 'litellm'
  | 'microsoft'
  | 'registry'
  | 'mcp-only';

/** What can be done at a gateway; the rest is refused before anything is sent. */
export interface GatewayCapabilities {
  readonly register: boolean;
  readonly update: boolean;
  readonly remove: boolean;
  readonly toggle: boolean;
  /** Calls of tools, and clients of single servers. */
  readonly call: boolean;
  readonly events: boolean;
}

/** How the tools of a server are reached. */
export interface Route {
  readonly url: URL;
  readonly transport: NonNullable<HttpServerConfig['transport']>;
  /** Where one address serves many servers: shows the one. */
  readonly scope?: Interceptor | undefined;
  /** Where the address does not answer as MCP servers do: translates. */
  readonly fetch?: typeof fetch;
}

/** The answer to a registration; without a server the gateway has accepted it and said no more. */
export interface Registered {
  readonly server: GatewayServer | undefined;
  /** How long to wait before asking whether it is ready, in milliseconds. */
  readonly askAgainMs: number | undefined;
}

/** One management API. What is left out cannot be done there. */
export interface Dialect {
  readonly name: DialectName;
  /** The servers of every page, also those that are disabled. */
  list(signal?: AbortSignal): Promise<GatewayServer[]>;
  /** One server, where it can be asked for without all; undefined when there is none. */
  get?(idOrName: string, signal?: AbortSignal): Promise<GatewayServer | undefined>;
  register?(spec: ServerSpec, signal?: AbortSignal): Promise<Registered>;
  update?(server: GatewayServer, change: ServerChange): Promise<void>;
  remove?(server: GatewayServer): Promise<void>;
  setEnabled?(server: GatewayServer, enabled: boolean): Promise<void>;
  health(signal?: AbortSignal): Promise<Health>;
  /** Asked where the list does not tell it. */
  serverHealth?(server: GatewayServer): Promise<Health>;
  route?(server: GatewayServer): Promise<Route>;
  /** Path of the stream of events. */
  readonly events?: string;
}

/** What the dialect can do: what it has. */
export function capabilitiesOf(dialect: Dialect): GatewayCapabilities {
  return {
    register: dialect.register !== undefined,
    update: dialect.update !== undefined,
    remove: dialect.remove !== undefined,
    toggle: dialect.setEnabled !== undefined,
    call: dialect.route !== undefined,
    events: dialect.events !== undefined,
  };
}
