import { once } from 'node:events';
import { connect as connectTcp, type AddressInfo } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';

/** An address that is encrypted, in front of a server that is not. */
export interface TlsFront extends AsyncDisposable {
  /** The address of the server behind, as it is to be called now. */
  readonly url: string;
  /** What callers have sent, once it was decrypted. */
  readonly received: () => string;
}

/** Decrypts what comes for the server at `url`, http: or ws:, and hands it on. */
export async function startTlsFront(url: string, options: TlsOptions): Promise<TlsFront> {
  const { port } = new URL(url);
  let received = '';
  const server = createServer(options, (socket) => {
    const inner = connectTcp(Number(port), '127.0.0.1');
    socket.on('data', (data) => (received += data.toString()));
    socket.pipe(inner).pipe(socket);
    for (const [one, other] of [
      [socket, inner],
      [inner, socket],
    ] as const) {
      one.on('error', () => {}); // The other side is gone, or was never let in.
      one.on('close', () => other.destroy());
    }
  });
  server.on('tlsClientError', () => {}); // A caller that does not trust us hangs up.
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const encrypted = new URL(url.replace(/^(http|ws):/, '$1s:'));
  encrypted.port = String((server.address() as AddressInfo).port); // It listens on a port.
  return {
    url: encrypted.href,
    received: () => received,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}
