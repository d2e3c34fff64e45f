import { McpClient, type JSONRPCMessage, type Report, type Transport } from '@toolwire/client-core';
import { describe, expect, test, vi } from 'vitest';
import { closeFrame, frame, opcodes } from '../test-support/frames.ts';
import {
  startRawServer,
  type RawConnection,
  type RawServer,
  type RawServerOptions,
} from '../test-support/raw-web-socket-server.ts';
import { untilTheEnd } from '../test-support/until-the-end.ts';
import { webSocketTransport, type WebSocketTransportOptions } from './web-socket-transport.ts';

const request = (id: number, text = ''): JSONRPCMessage => ({ jsonrpc: '2.0', id, method: 'any', params: { text } });

interface Scene {
  transport: Transport;
  server: RawServer;
  connection: RawConnection;
  errors: unknown[];
  messages: unknown[];
}

/** A transport that is open, and what it has told so far. */
async function openScene(options?: WebSocketTransportOptions): Promise<Scene> {
  const server = untilTheEnd(await startRawServer());
  const transport = untilTheEnd(webSocketTransport(server.url, options));
  const errors: unknown[] = [];
  const messages: unknown[] = [];
  transport.onerror = (error) => errors.push(error);
  transport.onmessage = (message) => messages.push(message);
  await transport.start();
  const [connection] = server.connections;
  if (connection === undefined) throw new Error('nobody has connected');
  return { transport, server, connection, errors, messages };
}

/** Sends one mebibyte after the other, and at most 64. */
async function sendUntilRefused(transport: Transport): Promise<{ accepted: number; refusal?: unknown }> {
  for (let accepted = 0; accepted < 64; accepted += 1) {
    try {
      await transport.send(request(accepted, 'x'.repeat(2 ** 20)));
    } catch (refusal) {
      return { accepted, refusal };
    }
  }
  return { accepted: 64 };
}

describe('sending', () => {
  const notOpen = { code: 'connection-closed', delivered: 'no', retryable: true };

  test('is refused before the connection is open, and after it has ended', async () => {
    const { transport, connection } = await openScene();
    const other = webSocketTransport('ws://127.0.0.1:9');
    await expect(other.send(request(1))).rejects.toMatchObject(notOpen);
    const closed = new Promise<void>((resolve) => (transport.onclose = resolve));
    connection.socket.destroy();
    await closed;
    await expect(transport.send(request(1))).rejects.toMatchObject(notOpen);
  });

  test('is refused once the server has said goodbye', async () => {
    const { transport, connection } = await openScene();
    connection.socket.removeAllListeners('data').pause();
    connection.socket.write(closeFrame(1001));
    await expect.poll(() => transport.send(request(1)).catch((error: unknown) => error)).toMatchObject(notOpen);
  });

  test('is refused while more than 8 MiB wait, and what was accepted arrives', async () => {
    const { transport, connection } = await openScene();
    connection.socket.pause();
    const { accepted, refusal } = await sendUntilRefused(transport);
    expect(refusal).toMatchObject({ code: 'queue-full', name: 'QueueFullError', delivered: 'no', retryable: true });
    expect(accepted).toBeGreaterThanOrEqual(8);
    connection.socket.resume();
    await expect.poll(() => connection.frames.length, { timeout: 10_000 }).toBe(accepted);
    await transport.send(request(accepted));
  });

  test('takes one message of more than 8 MiB', async () => {
    const { transport, connection } = await openScene();
    await transport.send(request(1, 'x'.repeat(10 * 2 ** 20)));
    await expect.poll(() => connection.frames[0]?.payload.length, { timeout: 10_000 }).toBeGreaterThan(10 * 2 ** 20);
  });
});

describe('a server that is gone without a word', () => {
  test('is found when it has not answered two pings, and its calls end', async () => {
    const reports: Report[] = [];
    const server = untilTheEnd(await startRawServer({ onCall: () => {} })); // It never answers a ping.
    const options = {
      protocolVersion: '2025-11-25',
      attempts: 1,
      onReport: (report: Report) => reports.push(report),
    } as const;
    const client = untilTheEnd(new McpClient(() => webSocketTransport(server.url, { pingIntervalMs: 100 }), options));
    await expect(client.callTool('any')).rejects.toMatchObject({
      code: 'delivery-unknown',
      cause: { code: 'connection-closed', message: expect.stringContaining('pinged twice') },
    });
    expect(server.connections[0]?.frames.filter(({ opcode }) => opcode === opcodes.ping)).toHaveLength(2);
  });

  test('is not found gone while it sends anything at all', async () => {
    const server = untilTheEnd(
      await startRawServer({
        async onCall({ socket }, answer) {
          for (const byte of frame({ payload: answer })) {
            socket.write(Buffer.of(byte));
            await new Promise((resolve) => setTimeout(resolve, 12)); // A second and more for the whole of it.
          }
        },
      }),
    );
    const client = untilTheEnd(
      new McpClient(() => webSocketTransport(server.url, { pingIntervalMs: 250 }), { protocolVersion: '2025-11-25' }),
    );
    expect((await client.callTool('any')).text()).toBe('right ✓ 👍');
    expect(server.connections).toHaveLength(1);
  });
});

describe('closing', () => {
  test('says goodbye, once', async () => {
    const { transport, connection, errors } = await openScene();
    const onClose = vi.fn<() => void>();
    transport.onclose = onClose;
    await Promise.all([transport.close(), transport.close()]);
    expect(connection.frames.map(({ opcode, payload }) => [opcode, payload.readUInt16BE()])).toEqual([
      [opcodes.close, 1000],
    ]);
    expect(onClose).toHaveBeenCalledTimes(1);
    expect(errors).toEqual([]);
  });

  test('does not wait for a server that says nothing', async () => {
    const { transport, connection } = await openScene();
    connection.socket.removeAllListeners('data').pause();
    const onClose = vi.fn<() => void>();
    transport.onclose = onClose;
    await transport.close();
    expect(onClose).toHaveBeenCalledTimes(1);
    await expect.poll(() => connection.socket.resume().closed).toBe(true);
  });

  test('sends what was accepted before', async () => {
    const { transport, connection } = await openScene();
    await transport.send(request(1, 'x'.repeat(2 ** 20)));
    await transport.close();
    expect(connection.frames[0]?.payload.length).toBeGreaterThan(2 ** 20);
  });

  test('is for good', async () => {
    const { transport } = await openScene();
    await transport.close();
    await expect(transport.start()).rejects.toMatchObject({ code: 'connection-failed', delivered: 'no' });
  });
});

test('serves one connection', async () => {
  const { transport } = await openScene();
  await expect(transport.start()).rejects.toMatchObject({ message: expect.stringContaining('make a new one') });
});

test('a batch is refused in strict mode, for each call that it answers', async () => {
  const { connection, errors, messages } = await openScene({ strict: true });
  const answers = [1, 2].map((id) => ({ jsonrpc: '2.0', id, result: {} }));
  connection.socket.write(frame({ payload: JSON.stringify(answers) }));
  await expect.poll(() => errors).toMatchObject([1, 2].map((requestId) => ({ code: 'invalid-response', requestId })));
  expect(messages).toEqual([]);
});

test('a listener that throws is told of it, and the next message arrives', async () => {
  const { transport, connection, errors, messages } = await openScene();
  transport.onmessage = (message) => {
    messages.push(message);
    throw new Error('not today');
  };
  for (const id of [1, 2])
    connection.socket.write(frame({ payload: JSON.stringify({ jsonrpc: '2.0', id, result: {} }) }));
  await expect.poll(() => messages).toHaveLength(2);
  expect(errors).toMatchObject([{ message: 'not today' }, { message: 'not today' }]);
});

test.each([
  { code: 1008, error: { code: 'unauthorized', delivered: 'no' }, attempts: 1 },
  {
    code: 1013,
    error: { code: 'connection-closed', delivered: 'no', cause: { message: expect.stringContaining('1013') } },
    attempts: 2,
  },
])('a server that takes a client and sends it away at once ($code) says why', async ({ code, error, attempts }) => {
  const onHandshake: RawServerOptions['onHandshake'] = (_connection, accept) => accept(undefined, closeFrame(code));
  const server = untilTheEnd(await startRawServer({ onHandshake }));
  const client = untilTheEnd(new McpClient(() => webSocketTransport(server.url), { attempts: 2 }));
  await expect(client.connect()).rejects.toMatchObject(error);
  expect(server.connections).toHaveLength(attempts);
});

describe('several calls at once', () => {
  const twoCalls = async (bytes: Uint8Array): Promise<unknown[]> => {
    let calls = 0;
    const server = untilTheEnd(
      await startRawServer({ onCall: ({ socket }) => void (++calls === 2 && socket.write(bytes)) }),
    );
    const options = { protocolVersion: '2025-11-25', attempts: 1 } as const;
    const client = untilTheEnd(new McpClient(() => webSocketTransport(server.url, { maxMessageBytes: 1000 }), options));
    return Promise.all([1, 2].map(() => client.callTool('any').catch((error: unknown) => error)));
  };

  test('are all refused when the client is', async () => {
    const refused = { code: 'unauthorized', retryable: false };
    expect(await twoCalls(closeFrame(1008))).toMatchObject([refused, refused]);
  });

  test('are cut off by a message over the limit, as it may be the answer to either', async () => {
    const cut = { code: 'delivery-unknown', cause: { code: 'message-too-large' } };
    expect(await twoCalls(frame({ payload: ' '.repeat(1001) }))).toMatchObject([cut, cut]);
  });
});
