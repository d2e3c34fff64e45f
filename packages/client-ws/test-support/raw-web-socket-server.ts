import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { closeFrame, frame, opcodes, readFrames } from './frames.ts';

/** One connection, as bytes. */
export interface RawConnection {
  readonly socket: Socket;
  /** The handshake as the client wrote it. */
  readonly request: string;
  /** What the client has sent since, frame by frame. */
  readonly frames: readonly { opcode: number; payload: Buffer }[];
}

/** What a server does at each step; what is left out is done as it should be. */
export interface RawServerOptions {
  /** Answers the handshake; `accept` does it right, with these header lines more, and with what follows them. */
  onHandshake?:
    | ((connection: RawConnection, accept: (headers?: string, head?: Uint8Array) => void) => void)
    | undefined;
  /** Answers `tools/call`; `answer` is the right message. */
  onCall?: (connection: RawConnection, answer: string) => void;
}

export interface RawServer {
  readonly url: string;
  readonly connections: readonly RawConnection[];
  close(): Promise<void>;
}

/** A WebSocket server by hand, that shakes hands in MCP (2025-11-25) and then does as it is told. */
export async function startRawServer(options: RawServerOptions = {}): Promise<RawServer> {
  const connections: RawConnection[] = [];
  const server = createServer((socket) => void serve(socket).catch(() => {})); // Clients may break off.
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  async function serve(socket: Socket): Promise<void> {
    socket.on('error', () => {}).setNoDelay(true);
    const frames: RawConnection['frames'][number][] = [];
    const request = await handshakeOf(socket);
    const connection = { socket, request, frames };
    connections.push(connection);
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      const read = readFrames(Buffer.concat([received, chunk]));
      received = Buffer.from(read.rest);
      for (const next of read.frames) {
        frames.push(next);
        if (next.opcode === opcodes.text) onMessage(connection, next.payload.toString());
        if (next.opcode === opcodes.close) socket.end(closeFrame(1000));
      }
    });
    const accept = (headers = 'Sec-WebSocket-Protocol: mcp\r\n', head = Buffer.alloc(0) as Uint8Array): void => {
      socket.write(Buffer.concat([Buffer.from(`${acceptance(request)}${headers}\r\n`), head]));
    };
    if (options.onHandshake === undefined) accept();
    else options.onHandshake(connection, accept);
  }

  function onMessage(connection: RawConnection, text: string): void {
    const { id, method } = JSON.parse(text) as { id?: number; method?: string };
    if (method === 'initialize') {
      const serverInfo = { name: 'raw', version: '1' };
      const result = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo };
      connection.socket.write(frame({ payload: JSON.stringify({ jsonrpc: '2.0', id, result }) }));
    } else if (method === 'tools/call') {
      const result = { content: [{ type: 'text', text: 'right ✓ 👍' }] };
      const answer = JSON.stringify({ jsonrpc: '2.0', id, result });
      if (options.onCall === undefined) connection.socket.write(frame({ payload: answer }));
      else options.onCall(connection, answer);
    }
  }

  const { port } = server.address() as AddressInfo; // It listens on a port, not on a pipe.
  return {
    url: `ws://127.0.0.1:${port}/mcp`,
    connections,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const { socket } of connections) socket.destroy();
      await closed;
    },
  };
}

async function handshakeOf(socket: Socket): Promise<string> {
  let request = '';
  while (!request.endsWith('\r\n\r\n')) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    request += chunk.toString('latin1');
  }
  return request;
}

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'; // RFC 6455 §1.3

function acceptance(request: string): string {
  const key = /^sec-websocket-key: (.+)\r$/im.exec(request)?.[1] ?? '';
  const accept = createHash('sha1')
    .update(key + guid)
    .digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n`;
}
