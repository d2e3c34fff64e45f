import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A server in this process on a loopback port of its own. */
export interface StandIn extends AsyncDisposable {
  readonly url: string;
  /** Breaks every connection that is open now, as a proxy or a crash would. */
  cut(): void;
  close(): Promise<void>;
}

/** Listens on a loopback port, a free one unless named. */
export async function listen(server: Server, path: string, port = 0): Promise<StandIn> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo; // It listens on a port, not on a pipe.
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    cut();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${address.port}${path}`, cut, close, [Symbol.asyncDispose]: close };
}

/** Runs a server as a program: prints its URL, and ends with whoever holds the other end of stdin. */
export async function serveAsProgram(starting: Promise<StandIn>): Promise<void> {
  const { url } = await starting;
  console.log(url);
  process.stdin.on('end', () => process.exit(0)).resume();
}
