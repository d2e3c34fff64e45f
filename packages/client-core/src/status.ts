/** The life of a connection, as `status()` tells it. */
export type ConnectionStatus =
  | { type: 'connecting' }
  | { type: 'connected' }
  /** The connection was lost; the next call opens another one. */
  | { type: 'reconnecting'; attempt: number; delayMs: number }
  /** Messages may have been missed: read again what you hold. */
  | { type: 'resync' }
  | { type: 'closed'; reason?: Error | undefined };
