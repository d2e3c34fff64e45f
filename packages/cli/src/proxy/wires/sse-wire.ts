import type { ServerResponse } from 'node:http';
import type { JSONRPCMessage, Transport } from '@toolwire/client-core';

const keepAliveMs = 15_000;
/** A host that lets more wait does not read. */
const maxBufferedBytes = 64 * 1024 * 1024;

/** The answering half of HTTP+SSE (2024-11-05); what the host posts is handed to `receive`. */
export interface SseWire extends Transport {
  receive(message: unknown): void;
}

/** A host that holds one event stream, and posts to the address that its first event names. */
export function sseWire(response: ServerResponse, endpoint: string): SseWire {
  const wire: SseWire = {
    async start() {
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-cache, no-transform',
        'x-accel-buffering': 'no',
      });
      response.write(`event: endpoint\ndata: ${endpoint}\n\n`);
      const keepAlive = setInterval(() => response.write(': keepalive\n\n'), keepAliveMs);
      response.once('close', () => {
        clearInterval(keepAlive);
        wire.onclose?.();
      });
    },
    receive(message) {
      wire.onmessage?.(message as JSONRPCMessage); // Whoever receives it checks it.
    },
    send: (message) =>
      new Promise((resolve, reject) => {
        if (response.writableLength > maxBufferedBytes) response.destroy();
        response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`, (error) =>
          error ? reject(error) : resolve(),
        );
      }),
    async close() {
      response.end();
    },
  };
  return wire;
}
