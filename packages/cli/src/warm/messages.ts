/** What a keeper and its callers say to each other besides MCP. */
export const keeperMethod = {
  /** Asks who the keeper is, which any version of `mcp` may; with an `identity`, only the keeper of that server answers. */
  status: 'keeper/status',
  /** Asks the keeper to end. */
  stop: 'keeper/stop',
  /** Tells a caller what the server writes to stderr during its call. */
  stderr: 'keeper/stderr',
} as const;

/** What a keeper says of itself. */
export interface KeeperStatus {
  readonly name: string;
  readonly version: string;
  readonly pid: number;
  /** The server's command, or its URL, without what may be secret. */
  readonly server: string;
  readonly upMs: number;
  /** Since the last caller has left; 0 while there is one. */
  readonly idleMs: number;
  /** It ends when it was idle for so long. */
  readonly idleStopMs: number;
  /** Requests so far. */
  readonly calls: number;
}
