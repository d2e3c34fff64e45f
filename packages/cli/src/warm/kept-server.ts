import type { ServerConfig } from '@toolwire/client-core';

/** What a keeper is told when it starts: on its stdin, since configurations hold secrets. */
export interface KeptServer {
  readonly name: string;
  readonly config: ServerConfig;
  /** All that makes it this server: what callers must know of it. */
  readonly identity: string;
  /** The socket that callers look for. */
  readonly socket: string;
  /** The keeper ends when nobody has called for so long, in milliseconds. */
  readonly idleStopMs: number;
  /** How long the server may take to connect, in milliseconds; absent for as long as with any command. */
  readonly connectTimeoutMs?: number | undefined;
}
