import { once } from 'node:events';
import { McpServer } from '@modelcontextprotocol/server';
import type { JSONRPCMessage, Transport } from '@toolwire/client-core';
import { WebSocket } from 'ws';
import { describe, expect, test } from 'vitest';
import { untilTheEnd } from '../test-support/until-the-end.ts';
import { serveWebSocket, type ListeningWebSocketServer } from './web-socket-server.ts';

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'by hand', version: '1' } },
};

interface Scene {
  listening: ListeningWebSocketServer;
  client: WebSocket;
  /** The server's end. */
  transport: Transport;
}

/** A client, and the server's end of its connection, which is not started yet. */
async function openScene(): Promise<Scene> {
  let transport: Transport | undefined;
  const listening = untilTheEnd(await serveWebSocket((opened) => (transport = opened)));
  const client = new WebSocket(listening.url, ['mcp']);
  await once(client, 'open');
  await expect.poll(() => transport).toBeDefined();
  return { listening, client, transport: transport as unknown as Transport }; // As the line above has found.
}

async function nextMessage(client: WebSocket): Promise<unknown> {
  const [data] = (await once(client, 'message')) as [Buffer];
  return JSON.parse(data.toString());
}

test('an official server answers over WebSocket, what was asked before it was ready too', async () => {
  const listening = untilTheEnd(
    await serveWebSocket((transport) => {
      setTimeout(() => void new McpServer({ name: 'official', version: '1' }).connect(transport), 20);
    }),
  );
  const client = new WebSocket(listening.url, ['mcp']);
  client.once('open', () => client.send(JSON.stringify(initialize)));
  expect(await nextMessage(client)).toMatchObject({ id: 1, result: { serverInfo: { name: 'official' } } });
  expect(client.protocol).toBe('mcp');
});

describe('the server end of a WebSocket', () => {
  test('hears each message in order, and tells of what is none', async () => {
    const { client, transport } = await openScene();
    const heard: unknown[] = [];
    const errors: Error[] = [];
    transport.onmessage = (message) => heard.push(message);
    transport.onerror = (error) => errors.push(error);
    await transport.start();
    for (const text of ['{"id":1}', 'nonsense', '{"id":2}']) client.send(text);
    client.send(Buffer.from('{"id":3}'));
    await expect.poll(() => heard).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    expect(errors).toMatchObject([{ name: 'SyntaxError' }]);
  });

  test('says goodbye when it is closed', async () => {
    const { client, transport } = await openScene();
    const closed = once(client, 'close');
    await transport.start();
    await transport.close();
    await transport.close();
    expect((await closed)[0]).toBe(1000);
  });

  test('says when the client is gone, and sends no more', async () => {
    const { client, transport, listening } = await openScene();
    const gone = new Promise<void>((resolve) => (transport.onclose = resolve));
    await transport.start();
    client.terminate();
    await gone;
    const message: JSONRPCMessage = { jsonrpc: '2.0', method: 'notifications/late' };
    await expect(transport.send(message)).rejects.toMatchObject({ code: 'connection-closed', delivered: 'no' });
    await expect.poll(() => listening.sockets.size).toBe(0);
  });

  test('outlives frames that break the protocol', async () => {
    const { client, transport, listening } = await openScene();
    const errors: Error[] = [];
    transport.onerror = (error) => errors.push(error);
    await transport.start();
    // oxlint-disable-next-line no-underscore-dangle -- the only way to write bytes that are no frame
    (client as unknown as { _socket: { write(bytes: Uint8Array): void } })._socket.write(Buffer.of(0xff, 0xff));
    await expect.poll(() => listening.sockets.size).toBe(0);
    expect(errors).toMatchObject([{ code: 'WS_ERR_UNEXPECTED_RSV_2_3' }]);
  });
});

describe('a WebSocket server', () => {
  test('listens at one path, and for WebSocket only', async () => {
    const listening = untilTheEnd(await serveWebSocket(() => {}));
    const [, response] = (await once(
      new WebSocket(listening.url.replace('/mcp', '/other')),
      'unexpected-response',
    )) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(400);
    expect((await fetch(listening.url.replace('ws:', 'http:'))).status).toBe(426);
  });

  test('takes clients without the subprotocol', async () => {
    const listening = untilTheEnd(await serveWebSocket(() => {}));
    const client = new WebSocket(listening.url);
    await once(client, 'open');
    expect(client.protocol).toBe('');
  });

  test('ends every connection and frees its port, where another may listen', async () => {
    const { listening, client } = await openScene();
    const closed = once(client, 'close');
    await listening.close();
    await listening.close();
    await closed;
    const again = untilTheEnd(await serveWebSocket(() => {}, { port: Number(new URL(listening.url).port) }));
    expect(again.url).toBe(listening.url);
  });
});
