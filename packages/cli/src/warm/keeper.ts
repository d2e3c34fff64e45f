import { once } from 'node:events';
import { chmodSync, renameSync, rmSync, statSync, unwatchFile, watchFile } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { JsonObject } from '@toolwire/client-core';
import { shownServer } from '../output/shown-server.ts';
import type { HostIdentity } from '../proxy/envelope.ts';
import type { Route } from '../route-to.ts';
import { readVersion } from '../version.ts';
import type { KeptServer } from './kept-server.ts';
import { keeperMethod, type KeeperStatus } from './messages.ts';
import { serveCaller, type KeeperDesk } from './serve-caller.ts';
import type { Caller } from './server-session.ts';
import { SharedServer } from './shared-server.ts';
import { socketWire } from './socket-wire.ts';

/** How often it is looked whether the socket is still there, in milliseconds. */
const lookMs = 1_000;

/** Keeps one server connected for those who call over a socket; the first caller has it connect. */
export class Keeper implements KeeperDesk {
  readonly #kept: KeptServer;
  readonly #route: Route;
  /** By what the callers can do: the server was told no more of them, and no less. */
  readonly #servers = new Map<string, SharedServer>();
  readonly #listener: Server = createServer((socket) => this.#serve(socket));
  readonly #sockets = new Set<Socket>();
  readonly #startedAt = Date.now();
  #usedAt = Date.now();
  #calls = 0;
  #inode = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #end: () => void = () => undefined;
  /** Settles when there is no reason to go on: nobody calls, somebody said so, the socket is gone, or the server is. */
  readonly ended: Promise<void> = new Promise((resolve) => (this.#end = resolve));

  constructor(kept: KeptServer, route: Route) {
    this.#kept = kept;
    this.#route = route;
  }

  /** Callers find the socket only when it is ready, and theirs alone; one that is there already is replaced. */
  async listen(): Promise<void> {
    const { socket, idleStopMs } = this.#kept;
    const unready = `${socket}.${process.pid}`;
    this.#listener.listen(unready);
    await once(this.#listener, 'listening');
    chmodSync(unready, 0o600);
    this.#inode = statSync(unready).ino;
    renameSync(unready, socket);
    watchFile(socket, { interval: lookMs }, () => this.#ownsSocket() || this.#end());
    this.#idle = setTimeout(() => (this.#hasCallers ? this.#idle?.refresh() : this.#end()), idleStopMs);
  }

  join(caller: Caller, identity: HostIdentity): SharedServer {
    const key = JSON.stringify(identity);
    const server = this.#servers.get(key) ?? new SharedServer(this.#kept, this.#route, identity, this.#end);
    this.#servers.set(key, server);
    server.join(caller);
    this.#touch();
    return server;
  }

  leave(caller: Caller): void {
    this.#touch();
    for (const [key, server] of this.#servers) {
      server.leave(caller);
      if (server.hasConnected || server.hasCallers) continue;
      this.#servers.delete(key);
      void server.close();
      if (this.#servers.size === 0) this.#end(); // It cannot be reached: whoever calls next finds out alone.
    }
  }

  answer(method: string, { identity = this.#kept.identity }: JsonObject): JsonObject | undefined {
    if (method === keeperMethod.status) {
      if (identity !== this.#kept.identity) throw new Error('This keeper keeps another server');
      return { ...this.status };
    }
    if (method === keeperMethod.stop) {
      setImmediate(this.#end); // Who says so is answered first.
      return {};
    }
    this.#calls++;
    return undefined;
  }

  async close(): Promise<void> {
    unwatchFile(this.#kept.socket);
    clearTimeout(this.#idle);
    if (this.#ownsSocket()) rmSync(this.#kept.socket, { force: true });
    this.#listener.close();
    await Promise.all([...this.#servers.values()].map((server) => server.close()));
    for (const socket of this.#sockets) socket.end(); // Whoever waited has been told.
  }

  get #hasCallers(): boolean {
    return [...this.#servers.values()].some(({ hasCallers }) => hasCallers);
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    void serveCaller(socketWire(socket), this).finally(() => this.#sockets.delete(socket));
  }

  #touch(): void {
    this.#usedAt = Date.now();
    this.#idle?.refresh();
  }

  get status(): KeeperStatus {
    const { name, config, idleStopMs } = this.#kept;
    return {
      name,
      version: readVersion(),
      pid: process.pid,
      server: shownServer(config),
      upMs: Date.now() - this.#startedAt,
      idleMs: this.#hasCallers ? 0 : Date.now() - this.#usedAt,
      idleStopMs,
      calls: this.#calls,
    };
  }

  #ownsSocket(): boolean {
    return statSync(this.#kept.socket, { throwIfNoEntry: false })?.ino === this.#inode;
  }
}
