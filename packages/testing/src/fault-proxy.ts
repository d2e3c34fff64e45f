import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { FaultConnection } from './fault-connection.ts';
import type { Faults, FaultSource } from './faults.ts';
import { seededRandom } from './seeded-random.ts';

/** A TCP proxy that can be told to misbehave. */
export interface FaultProxy extends AsyncDisposable {
  /** The target's URL, by way of the proxy. */
  readonly url: string;
  readonly port: number;
  /** How many connections are open. */
  readonly connections: number;
  /** How many connections were accepted so far. */
  readonly accepted: number;
  /** Replaces the faults, for open connections too, and counts bytes anew; chosen faults hold for new connections. */
  set(faults: FaultSource): void;
  /** Breaks every open connection with RST, now. */
  reset(): void;
  /** Breaks every connection and refuses new ones. */
  down(): Promise<void>;
  /** Listens again, at the same port. */
  up(): Promise<void>;
  /** Breaks every connection and frees the port. */
  close(): Promise<void>;
}

/** How a fault proxy is made. */
export interface FaultProxyOptions {
  /** Makes its choices the same in every run. Default 1. */
  seed?: number;
}

/** Opens a proxy at a free port of 127.0.0.1, to a URL, or to a port of 127.0.0.1; TLS passes through as bytes. */
export async function faultProxy(
  target: string | URL | number,
  faults: FaultSource = {},
  options: FaultProxyOptions = {},
): Promise<FaultProxy> {
  const targetUrl = new URL(typeof target === 'number' ? `http://127.0.0.1:${target}/` : target);
  const random = seededRandom(options.seed ?? 1);
  const open = new Set<FaultConnection>();
  let source = faults;
  const awaitingChange = new Set<() => void>();
  let accepted = 0;
  let server: Server | undefined;

  function changed(): Promise<void> {
    return new Promise((resolve) => void awaitingChange.add(resolve));
  }

  function accept(client: Socket): void {
    accepted += 1;
    const chosen = typeof source === 'function' ? source(random) : {};
    const current = (): Faults => (typeof source === 'function' ? chosen : source);
    if (open.size >= (current().maxConnections ?? Infinity)) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ host: hostOf(targetUrl), port: portOf(targetUrl), allowHalfOpen: true });
    const connection = new FaultConnection(client, upstream, { current, changed, random });
    open.add(connection);
    void connection.ended.then(() => open.delete(connection));
  }

  async function listen(port: number): Promise<Server> {
    const listener = createServer({ allowHalfOpen: true }, accept);
    listener.listen(port, '127.0.0.1');
    await once(listener, 'listening');
    return listener;
  }

  function reset(): void {
    for (const connection of open) connection.reset();
  }

  async function down(): Promise<void> {
    const listener = server;
    server = undefined;
    const ended = listener && once(listener, 'close');
    listener?.close();
    const connections = [...open];
    reset();
    await Promise.all([ended, ...connections.map((connection) => connection.ended)]);
  }

  server = await listen(0);
  const { port } = server.address() as AddressInfo; // It listens on a port, not on a pipe.
  return {
    url: urlAt(targetUrl, port),
    port,
    get connections() {
      return open.size;
    },
    get accepted() {
      return accepted;
    },
    set(next) {
      source = next;
      for (const connection of open) connection.recount();
      for (const wake of awaitingChange) wake();
      awaitingChange.clear();
    },
    reset,
    down,
    async up() {
      server ??= await listen(port);
    },
    close: down,
    [Symbol.asyncDispose]: down,
  };
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1'); // IPv6 has brackets in a URL only.
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' || protocol === 'wss:' ? 443 : 80;
}

function urlAt(target: URL, port: number): string {
  const url = new URL(target);
  url.host = `127.0.0.1:${port}`;
  return url.href;
}
