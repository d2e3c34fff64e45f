import type { Authentication } from './authentication.ts';

/** How a gateway speaks to a server. */
export type ServerTransport = 'streamable-http' | 'sse' | 'websocket' | 'stdio';

/** `pending`: accepted, but not ready yet. `unknown`: the gateway does not tell. */
export type ServerState = 'active' | 'pending' | 'deleting' | 'disabled' | 'unreachable' | 'unknown';

/** A server as a gateway tells of it, whatever its dialect; never with a secret. */
export interface GatewayServer {
  readonly id: string;
  readonly name: string;
  /** Where the gateway reaches it, without user and password; a query reads `?…`, since it may be a secret, too. */
  readonly url?: string;
  readonly transport?: ServerTransport;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly enabled: boolean;
  readonly state: ServerState;
  /** The kind of credential that the gateway shows to it. */
  readonly authentication?: string;
  readonly toolCount?: number;
  /** Where the gateway itself says that this server is spoken to. */
  readonly mcpUrl?: string;
}

/** A server that is to be registered. */
export interface ServerSpec {
  readonly name: string;
  /** Where the gateway reaches it. */
  readonly url: string;
  /** Default `http`: Streamable HTTP. */
  readonly transport?: 'http' | 'streamable-http' | 'sse' | 'websocket';
  readonly authentication?: Authentication;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly enabled?: boolean;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What may change in a server; fields that are not given stay as they are. */
export type ServerChange = Partial<ServerSpec>;

/** How a gateway, or a server behind it, is. */
export interface Health {
  readonly status:
    | 'healthy'
    | 'degraded'
    | 'unhealthy'
    | 'unreachable'
    | 'unauthorized'
    | 'disabled'
    | 'pending'
    | 'unknown';
  /** Who says so: the gateway, or the server itself when it was asked through it. */
  readonly source: 'gateway' | 'server';
  readonly checkedAt: Date;
  /** Why it is not healthy. */
  readonly message?: string;
}
