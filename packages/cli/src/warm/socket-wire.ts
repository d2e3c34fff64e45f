import type { Socket } from 'node:net';
import type { Transport } from '@toolwire/client-core';
import { lineReader, parse } from '../proxy/wires/stdio-wire.ts';

/** One end of a socket: one message a line, as over stdin and stdout. */
export function socketWire(socket: Socket): Transport {
  const wire: Transport = {
    async start() {
      const read = lineReader((line) => wire.onmessage?.(parse(line) as never)); // Whoever receives it checks it.
      socket.on('data', read);
      socket.on('error', () => undefined); // Its end tells as much.
      socket.once('close', () => wire.onclose?.());
    },
    send: (message) =>
      new Promise((resolve, reject) => {
        socket.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
      }),
    async close() {
      socket.destroy();
    },
  };
  return wire;
}
