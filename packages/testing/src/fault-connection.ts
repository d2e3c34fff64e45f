import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from './faults.ts';

type Direction = 'answers' | 'requests';

/** What a connection asks of its proxy. */
export interface FaultSettings {
  /** The faults of this moment. */
  current(): Faults;
  /** Resolves when the faults have changed. */
  changed(): Promise<unknown>;
  random: () => number;
}

/** One connection through the proxy: bytes, both ways, as far as the faults let them. */
export class FaultConnection {
  /** Settles when both sockets are gone. */
  readonly ended: Promise<unknown>;
  readonly #client: Socket;
  readonly #target: Socket;
  readonly #settings: FaultSettings;
  readonly #ending = new AbortController();
  #counted: Record<Direction, number> = { answers: 0, requests: 0 };

  constructor(client: Socket, target: Socket, settings: FaultSettings) {
    this.#client = client;
    this.#target = target;
    this.#settings = settings;
    for (const socket of [client, target]) {
      socket.setNoDelay(true);
      socket.on('error', () => this.reset()); // When a side breaks, the other is to feel it as a break too.
    }
    this.ended = Promise.all([closed(client), closed(target)]).then(() => this.#ending.abort());
    void this.#pump('requests', client, target);
    void this.#pump('answers', target, client);
  }

  /** Breaks it with RST on both sides. */
  reset(): void {
    this.#ending.abort();
    for (const socket of [this.#client, this.#target]) breakSocket(socket);
  }

  /** Counts bytes from here on. */
  recount(): void {
    this.#counted = { answers: 0, requests: 0 };
  }

  async #pump(direction: Direction, from: Socket, to: Socket): Promise<void> {
    try {
      // The other way may still be open when this one has ended.
      for await (const piece of from.iterator({ destroyOnReturn: false })) await this.#pass(direction, piece, to);
      await this.#whileSilent(direction);
      to.end();
    } catch {
      if (!this.#ending.signal.aborted) this.reset(); // Otherwise it was ended on purpose.
    }
  }

  async #pass(direction: Direction, piece: Buffer, to: Socket): Promise<void> {
    const { latencyMs = 0, jitterMs = 0 } = this.#settings.current();
    await this.#sleep(latencyMs + jitterMs * this.#settings.random());
    let rest = piece;
    while (rest.length > 0) {
      await this.#whileSilent(direction);
      const slice = rest.subarray(0, this.#sliceLength(rest.length));
      rest = rest.subarray(slice.length);
      await this.#write(direction, slice, to);
      if (rest.length > 0) await nextTurn(); // So that each slice is a write, and mostly a packet, of its own.
    }
  }

  async #write(direction: Direction, slice: Buffer, to: Socket): Promise<void> {
    const faults = this.#settings.current();
    const { resetAfterBytes = Infinity, finAfterBytes = Infinity, countedBytes = 'answers', bytesPerSecond } = faults;
    const left = Math.min(resetAfterBytes, finAfterBytes) - this.#counted[direction];
    const cut = countedBytes === direction && slice.length >= left;
    const allowed = cut ? slice.subarray(0, Math.max(0, left)) : slice;
    this.#counted[direction] += allowed.length;
    if (allowed.length > 0 && !to.write(allowed)) await once(to, 'drain', { signal: this.#ending.signal });
    if (cut) await this.#cut(resetAfterBytes <= finAfterBytes);
    if (bytesPerSecond !== undefined) await this.#sleep((allowed.length / bytesPerSecond) * 1000);
  }

  /** Ends the connection once what was written is on its way. */
  async #cut(reset: boolean): Promise<void> {
    await nextTurn();
    if (reset) {
      this.reset();
    } else {
      this.#ending.abort();
      this.#client.destroySoon();
      this.#target.destroySoon();
    }
    throw new Error('cut');
  }

  #sliceLength(available: number): number {
    const { sliceBytes = Infinity, bytesPerSecond = Infinity } = this.#settings.current();
    const [least, most] = typeof sliceBytes === 'number' ? [sliceBytes, sliceBytes] : sliceBytes;
    const chosen = least === most ? least : least + Math.floor(this.#settings.random() * (most - least + 1));
    // A rate is kept by small steps of a twentieth of a second.
    return Math.max(1, Math.floor(Math.min(chosen, bytesPerSecond / 20, available)));
  }

  async #whileSilent(direction: Direction): Promise<void> {
    for (;;) {
      const { silence = false } = this.#settings.current();
      if (silence === false || (silence === 'answers' && direction === 'requests')) return;
      await Promise.race([this.#settings.changed(), this.ended]);
      this.#ending.signal.throwIfAborted();
    }
  }

  async #sleep(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await sleep(milliseconds, undefined, { signal: this.#ending.signal });
  }
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

/** Node's own way waits: for a connection to be made, for a peer that does not read. A fault does not. */
function breakSocket(socket: Socket): void {
  const isEnding = socket.writableEnded && !socket.writableFinished; // RST is not possible while FIN is on its way.
  if (socket.destroyed || socket.connecting || isEnding) {
    socket.destroy();
    return;
  }
  socket.resetAndDestroy();
  if (socket.writableLength > 0) socket.destroy();
}
