import type { Transport } from '@toolwire/client-core';
import { print, type Io } from '../../io.ts';

const maxLineCharacters = 64 * 1024 * 1024;

/** A host at the other end of stdin and stdout: one message a line. The end of stdin is the end of the host. */
export function stdioWire({ stdin, stdout }: Pick<Io, 'stdin' | 'stdout'>): Transport {
  let isClosed = false;

  async function read(): Promise<void> {
    const lines = lineReader((line) => {
      if (line.trim() !== '') wire.onmessage?.(parse(line) as never); // Whoever receives it checks it.
    });
    try {
      for await (const chunk of stdin) {
        if (isClosed) return;
        lines(chunk);
      }
    } catch (error) {
      wire.onerror?.(error as Error);
    }
    await wire.close();
  }

  const wire: Transport = {
    async start() {
      void read();
    },
    send: (message) => print(stdout, `${JSON.stringify(message)}\n`),
    async close() {
      if (isClosed) return;
      isClosed = true;
      wire.onclose?.();
    },
  };
  return wire;
}

/** What is no JSON is received as nothing: the answer to that says so. */
export function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Cuts what arrives into lines; each character is looked at once, however large a message is. */
export function lineReader(onLine: (line: string) => void): (chunk: string | Uint8Array) => void {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let length = 0;
  return (chunk) => {
    const [first = '', ...others] = (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })).split(
      '\n',
    );
    take(first);
    for (const piece of others) {
      onLine(pieces.join(''));
      [pieces, length] = [[], 0];
      take(piece);
    }
  };

  function take(piece: string): void {
    length += piece.length;
    if (length > maxLineCharacters) pieces = []; // What is left of it is no JSON, and is answered so.
    else pieces.push(piece);
  }
}
