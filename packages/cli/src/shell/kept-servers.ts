import type { ClientOptions } from '@toolwire/client-core';
import type { Settings } from '../own-flags.ts';
import { Servers, type OpenServer } from '../servers.ts';
import type { Io } from '../io.ts';
import type { ServerTarget } from '../targets.ts';

/** Servers that stay connected from one line of a shell to the next. */
export class KeptServers extends Servers {
  readonly #io: Io;
  readonly #targets = new Map<string, ServerTarget>();
  /** Those of the present line alone. */
  #passing: Servers | undefined;

  constructor(io: Io) {
    super(io);
    this.#io = io;
  }

  override open(target: ServerTarget, settings: Settings, options: Pick<ClientOptions, 'onLog'> = {}): OpenServer {
    // Who listens to a server's log is told of what this line meets, and no other.
    if (options.onLog !== undefined) return (this.#passing ??= new Servers(this.#io)).open(target, settings, options);
    if (target.config instanceof Error) return super.open(target, settings);
    const key = JSON.stringify([target.name, target.config]);
    const kept = this.#targets.get(key) ?? target;
    this.#targets.set(key, kept);
    return super.open(kept, settings);
  }

  /** Ends a line; what is kept stays. */
  override async close(): Promise<void> {
    await this.#passing?.close();
    this.#passing = undefined;
  }

  /** Closes what is kept. */
  async end(): Promise<void> {
    this.#targets.clear();
    await this.close();
    await super.close();
  }
}
