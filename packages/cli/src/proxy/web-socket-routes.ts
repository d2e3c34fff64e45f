import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { HostSession } from './host-session.ts';
import { webSocketWire } from './wires/web-socket-wire.ts';

const maxPayload = 16 * 1024 * 1024;

/** Turns a request that was let in into a WebSocket, and serves it. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer, openSession: () => HostSession) => void;

/** Accepts WebSockets; of the subprotocols that a host offers only `mcp` means something, and none is needed. */
export function webSocketUpgrade(): Upgrade {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('mcp') ? 'mcp' : false),
  });
  return (request, socket, head, openSession) => {
    server.handleUpgrade(request, socket, head, (accepted) => {
      void openSession().serve(webSocketWire(accepted));
    });
  };
}
