import { McpError } from '../errors.ts';
import type { JSONRPCMessage, Transport } from '../transport.ts';

/** Two transports joined in memory: what one sends, the other receives, in order and never within the same tick. */
export function memoryTransportPair(): [Transport, Transport] {
  const left = new MemoryTransport();
  const right = new MemoryTransport();
  left.other = right;
  right.other = left;
  return [left, right];
}

class MemoryTransport implements Transport {
  onmessage?: Transport['onmessage'];
  onerror?: Transport['onerror'];
  onclose?: Transport['onclose'];
  other: MemoryTransport | undefined;
  #early: JSONRPCMessage[] | undefined = []; // What arrives before start() waits for it.

  async start(): Promise<void> {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const message of early) this.onmessage?.(message);
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const { other } = this;
    if (other === undefined) throw new McpError('connection-closed', 'The transport is closed', { delivered: 'no' });
    const copy = structuredClone(message); // As on a real wire, nobody shares objects.
    queueMicrotask(() => other.#receive(copy));
  }

  async close(): Promise<void> {
    const { other } = this;
    if (other === undefined) return;
    this.other = undefined;
    this.onclose?.();
    await other.close();
  }

  #receive(message: JSONRPCMessage): void {
    if (this.#early === undefined) this.onmessage?.(message);
    else this.#early.push(message);
  }
}
