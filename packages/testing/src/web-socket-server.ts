import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpError, type JSONRPCMessage, type Transport } from '@toolwire/client-core';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ListeningServer } from './server.ts';

/** The server's end of one WebSocket, for any official `Server` or `McpServer`: one message a frame. */
export function webSocketServerTransport(socket: WebSocket): Transport {
  socket.pause(); // What a client says at once waits for start().
  const transport: Transport = {
    async start() {
      socket.on('message', (data: Buffer) => receive(data.toString())); // By the default `binaryType`.
      socket.on('error', (error) => transport.onerror?.(error));
      socket.once('close', () => transport.onclose?.());
      socket.resume();
    },
    async send(message) {
      if (socket.readyState !== socket.OPEN)
        throw new McpError('connection-closed', 'The client is gone', { delivered: 'no' });
      socket.send(JSON.stringify(message));
    },
    async close() {
      if (socket.readyState === socket.CLOSED) return;
      const closed = once(socket, 'close');
      socket.close(1000);
      await closed;
    },
  };

  function receive(text: string): void {
    try {
      // The server checks what it is given.
      transport.onmessage?.(JSON.parse(text) as JSONRPCMessage);
    } catch (error) {
      transport.onerror?.(error as Error); // Of JSON.parse, or of the server.
    }
  }
  return transport;
}

/** A WebSocket server that listens. */
export interface ListeningWebSocketServer extends ListeningServer {
  /** The open connections. */
  readonly sockets: ReadonlySet<WebSocket>;
}

/** Where a WebSocket server listens. */
export interface ServeWebSocketOptions {
  /** Default 0: any that is free. */
  port?: number;
  /** Default 127.0.0.1, which only this machine reaches. */
  host?: string;
}

/** Serves MCP over WebSocket; `serve` is given the server's end of each new connection, and what its client asked for. */
export async function serveWebSocket(
  serve: (transport: Transport, request: IncomingMessage) => void,
  options: ServeWebSocketOptions = {},
): Promise<ListeningWebSocketServer> {
  const { port: wanted = 0, host = '127.0.0.1' } = options;
  const http = createServer((_request, response) => response.writeHead(426).end());
  const sockets = new WebSocketServer({
    server: http,
    path: '/mcp',
    handleProtocols: (offered) => offered.has('mcp') && 'mcp',
  });
  sockets.on('connection', (socket, request) => {
    socket.on('error', () => {}); // Its transport tells of it, when there is one.
    serve(webSocketServerTransport(socket), request);
  });
  http.listen(wanted, host);
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo; // It listens on a port, not on a pipe.

  async function close(): Promise<void> {
    if (!http.listening) return;
    const closed = once(http, 'close');
    http.close();
    http.closeAllConnections();
    for (const socket of sockets.clients) socket.terminate();
    await closed;
  }
  return { url: `ws://${host}:${port}/mcp`, sockets: sockets.clients, close, [Symbol.asyncDispose]: close };
}
