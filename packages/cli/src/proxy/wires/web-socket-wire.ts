import type { Transport } from '@toolwire/client-core';
import type { WebSocket } from 'ws';

const pingEveryMs = 30_000;
/** A host that lets more wait does not read. */
const maxBufferedBytes = 64 * 1024 * 1024;

/** A host at the other end of a WebSocket: one message a text frame. One that answers no ping is gone. */
export function webSocketWire(socket: WebSocket): Transport {
  let isAlive = true;
  const heartbeat = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, pingEveryMs);
  const wire: Transport = {
    async start() {
      socket.on('pong', () => (isAlive = true));
      socket.on('message', (data, isBinary) => {
        if (isBinary) socket.close(1003, 'Text frames only');
        else wire.onmessage?.(parse((data as Buffer).toString()) as never); // A Buffer, as `binaryType` says; whoever receives it checks it.
      });
      socket.on('error', (error) => wire.onerror?.(error));
      socket.once('close', () => {
        clearInterval(heartbeat);
        wire.onclose?.();
      });
    },
    send: (message) =>
      new Promise((resolve, reject) => {
        if (socket.bufferedAmount > maxBufferedBytes) socket.terminate();
        socket.send(JSON.stringify(message), (error) => (error ? reject(error) : resolve()));
      }),
    async close() {
      socket.close(1000);
    },
  };
  return wire;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
