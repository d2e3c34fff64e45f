import { expect, test } from 'vitest';
import type { JSONRPCMessage, Transport } from '../transport.ts';
import { memoryTransportPair } from './memory.ts';

const ping = (id: number): JSONRPCMessage => ({ jsonrpc: '2.0', id, method: 'ping' });

function collect(transport: Transport): JSONRPCMessage[] {
  const received: JSONRPCMessage[] = [];
  transport.onmessage = (message) => received.push(message);
  return received;
}

test('what one side sends, the other receives, in order', async () => {
  const [left, right] = memoryTransportPair();
  const [atLeft, atRight] = [collect(left), collect(right)];
  await Promise.all([left.start(), right.start()]);
  await left.send(ping(1));
  await left.send(ping(2));
  await right.send(ping(3));
  await Promise.resolve();
  expect(atRight).toEqual([ping(1), ping(2)]);
  expect(atLeft).toEqual([ping(3)]);
});

test('nothing arrives before send has returned', async () => {
  const [left, right] = memoryTransportPair();
  const received = collect(right);
  await right.start();
  const sending = left.send(ping(1));
  expect(received).toEqual([]);
  await sending;
  await Promise.resolve();
  expect(received).toHaveLength(1);
});

test('what comes before the start waits for it', async () => {
  const [left, right] = memoryTransportPair();
  await left.send(ping(1));
  await Promise.resolve();
  const received = collect(right);
  await right.start();
  expect(received).toEqual([ping(1)]);
});

test('nobody shares objects', async () => {
  const [left, right] = memoryTransportPair();
  const received = collect(right);
  await right.start();
  const message = { jsonrpc: '2.0' as const, method: 'n', params: { a: [1] } };
  await left.send(message);
  message.params.a.push(2);
  await Promise.resolve();
  expect(received).toEqual([{ jsonrpc: '2.0', method: 'n', params: { a: [1] } }]);
});

test('closing one side closes both, once', async () => {
  const [left, right] = memoryTransportPair();
  const closed: string[] = [];
  left.onclose = () => closed.push('left');
  right.onclose = () => closed.push('right');
  await Promise.all([left.close(), right.close()]);
  await left.close();
  expect(closed.toSorted()).toEqual(['left', 'right']);
  for (const side of [left, right])
    await expect(side.send(ping(1))).rejects.toMatchObject({ code: 'connection-closed', delivered: 'no' });
});
