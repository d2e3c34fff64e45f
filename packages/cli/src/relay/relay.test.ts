import { McpError, memoryTransportPair, type JSONRPCMessage, type Transport } from '@toolwire/client-core';
import { expect, test } from 'vitest';
import { relay } from './relay.ts';

/** A relay between two ends that a test holds, and what was told of it. */
interface Joined {
  readonly host: Transport;
  readonly server: Transport;
  readonly atHost: unknown[];
  readonly atServer: unknown[];
  readonly told: string[];
  readonly ended: Promise<void>;
}

async function joined(change: (toServer: Transport) => Transport = (wire) => wire): Promise<Joined> {
  const [host, hostWire] = memoryTransportPair();
  const [serverWire, server] = memoryTransportPair();
  const [atHost, atServer, told]: [unknown[], unknown[], string[]] = [[], [], []];
  host.onmessage = (message) => void atHost.push(message);
  server.onmessage = (message) => void atServer.push(message);
  const ended = relay(hostWire, change(serverWire), {
    onMessage: (from, message) => void told.push(`${from} ${JSON.stringify(message)}`),
    onTrouble: (from, text) => void told.push(`${from}: ${text}`),
  });
  await Promise.all([host.start(), server.start()]);
  return { host, server, atHost, atServer, told, ended };
}

const request: JSONRPCMessage = { jsonrpc: '2.0', id: 1, method: 'ping' };
const answer: JSONRPCMessage = { jsonrpc: '2.0', id: 1, result: {} };
const notification: JSONRPCMessage = { jsonrpc: '2.0', method: 'notifications/initialized' };

test('every message passes as it is, and is told', async () => {
  const { host, server, atHost, atServer, told } = await joined();
  await host.send(request);
  await expect.poll(() => atServer).toEqual([request]);
  await server.send(answer);
  await server.send(notification);
  await expect.poll(() => atHost).toEqual([answer, notification]);
  expect(told).toEqual([
    `client ${JSON.stringify(request)}`,
    `server ${JSON.stringify(answer)}`,
    `server ${JSON.stringify(notification)}`,
  ]);
});

test('a batch is its messages', async () => {
  const { host, atServer } = await joined();
  await host.send([request, notification] as never);
  await expect.poll(() => atServer).toEqual([request, notification]);
});

test('what is no message is answered, and goes no further', async () => {
  const { host, atHost, atServer, told } = await joined();
  await host.send('hello' as never);
  await expect.poll(() => atHost).toMatchObject([{ id: null, error: { code: -32600 } }]);
  expect(atServer).toEqual([]);
  expect(told[0]).toBe('client: a line that is no message');
});

test('a message that is nested too deeply fails for the host, whoever sent it', async () => {
  const { host, server, atHost, atServer, told } = await joined();
  const deep = JSON.parse(`${'['.repeat(1_000)}${']'.repeat(1_000)}`);
  await host.send({ ...request, params: { deep } });
  await expect.poll(() => atHost).toMatchObject([{ id: 1, error: { code: -32600 } }]);
  await host.send({ ...request, id: 2 });
  await expect.poll(() => atServer).toMatchObject([{ id: 2 }]);
  await server.send({ jsonrpc: '2.0', id: 2, result: { deep } });
  await expect.poll(() => atHost.at(-1)).toMatchObject({ id: 2, error: { message: expect.stringContaining('deep') } });
  expect(told.filter((line) => line.endsWith('too deeply'))).toHaveLength(2);
});

test('a notification arrives before what the host says next', async () => {
  const { host, atServer } = await joined((wire) => {
    const send = wire.send.bind(wire);
    wire.send = async (message, options) => {
      if (!('id' in message)) await new Promise((resolve) => setTimeout(resolve, 50));
      return send(message, options);
    };
    return wire;
  });
  await host.send(notification);
  await host.send(request);
  await expect.poll(() => atServer).toEqual([notification, request]);
});

test('a request that cannot be sent fails for the host', async () => {
  const { host, atHost } = await joined((wire) => {
    wire.send = () => Promise.reject(new McpError('http-error', 'The server answered 404'));
    return wire;
  });
  await host.send(request);
  await expect.poll(() => atHost).toMatchObject([{ id: 1, error: { message: 'The server answered 404' } }]);
});

test('a host that leaves lets the server finish', async () => {
  const { host, server, told, ended } = await joined();
  await host.send(request);
  await expect.poll(() => told).toHaveLength(1);
  await host.close();
  await server.send(answer);
  await ended;
  expect(told).toHaveLength(2);
});

test('the end of the server is the end of the relay, with the reason', async () => {
  const failure = new McpError('server-exited', 'It has exited');
  const { server, ended } = await joined((wire) => {
    queueMicrotask(() => setTimeout(() => wire.onerror?.(failure), 10));
    return wire;
  });
  setTimeout(() => void server.close(), 30);
  await expect(ended).rejects.toBe(failure);
});
