import { Broadcast } from './broadcast.ts';

/** The life of a connection, as `status()` tells it. */
export type ConnectionStatus =
  | { type: 'connecting' }
  | { type: 'connected' }
  /** The connection was lost; the next call opens another one. */
  | { type: 'reconnecting'; attempt: number; delayMs: number }
  /** Messages may have been missed: read again what you hold. */
  | { type: 'resync' }
  | { type: 'closed'; reason?: Error | undefined };

/** The present state for each new reader, then every change. */
export class StatusFeed {
  readonly #changes = new Broadcast<ConnectionStatus>();
  #state: ConnectionStatus | undefined;

  get state(): ConnectionStatus['type'] | undefined {
    return this.#state?.type;
  }

  emit(status: ConnectionStatus): void {
    if (status.type !== 'resync') this.#state = status; // That is an event, not a state.
    this.#changes.emit(status);
  }

  read(): AsyncIterable<ConnectionStatus> {
    return this.#changes.read(this.#state === undefined ? [] : [this.#state]);
  }

  end(): void {
    this.emit({ type: 'closed' });
    this.#changes.end();
  }
}
