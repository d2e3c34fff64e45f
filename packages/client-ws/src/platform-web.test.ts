import { McpClient } from '@toolwire/client-core';
import { describe, expect, test, vi } from 'vitest';
import { closeFrame, frame, opcodes } from '../test-support/frames.ts';
import { startRawServer } from '../test-support/raw-web-socket-server.ts';
import { untilTheEnd } from '../test-support/until-the-end.ts';
import { webSocketTransport } from './web-socket-transport.ts';

// The global WebSocket of this Node is the platform's own, as in a browser.
vi.mock('#platform', () => import('./platform-web.ts'));

const options = { protocolVersion: '2025-11-25', attempts: 1 } as const;

describe("over the platform's own WebSocket", () => {
  test('a call is answered', async () => {
    const server = untilTheEnd(await startRawServer());
    const client = untilTheEnd(new McpClient(() => webSocketTransport(server.url), options));
    expect((await client.callTool('any')).text()).toBe('right ✓ 👍');
    expect(server.connections[0]?.request).toMatch(/^sec-websocket-protocol: mcp\r$/im);
  });

  test('a binary frame is understood', async () => {
    const server = untilTheEnd(
      await startRawServer({
        onCall: ({ socket }, answer) => void socket.write(frame({ opcode: opcodes.binary, payload: answer })),
      }),
    );
    const client = untilTheEnd(new McpClient(() => webSocketTransport(server.url), options));
    expect((await client.callTool('any')).text()).toBe('right ✓ 👍');
  });

  test('a server that selects no subprotocol is asked again without, which is remembered', async () => {
    const server = untilTheEnd(await startRawServer({ onHandshake: (_connection, accept) => accept('') }));
    for (const _ of [1, 2]) {
      const client = untilTheEnd(new McpClient(() => webSocketTransport(server.url), options));
      await client.connect();
    }
    const offers = server.connections.map(({ request }) => /sec-websocket-protocol/i.test(request));
    expect(offers).toEqual([true, false, false]);
  });

  test('a message over the limit fails only the call that it answers', async () => {
    let calls = 0;
    const server = untilTheEnd(
      await startRawServer({
        onCall: ({ socket }, answer) =>
          void socket.write(frame({ payload: calls++ === 0 ? answer + ' '.repeat(10_000) : answer })),
      }),
    );
    const client = untilTheEnd(new McpClient(() => webSocketTransport(server.url, { maxMessageBytes: 5000 }), options));
    await expect(client.callTool('any')).rejects.toMatchObject({ code: 'message-too-large' });
    expect((await client.callTool('any')).text()).toBe('right ✓ 👍');
    expect(server.connections).toHaveLength(1);
  });

  test.each([
    { code: 1011, error: { code: 'delivery-unknown', cause: { code: 'connection-closed' } } },
    { code: 1008, error: { code: 'unauthorized' } },
  ])('a connection that ends with $code is a typed error', async ({ code, error }) => {
    const server = untilTheEnd(
      await startRawServer({ onCall: ({ socket }) => void socket.write(closeFrame(code, 'so it is')) }),
    );
    const client = untilTheEnd(new McpClient(() => webSocketTransport(server.url), options));
    await expect(client.callTool('any')).rejects.toMatchObject(error);
  });

  test('a refused handshake was delivered to nobody', async () => {
    const server = untilTheEnd(
      await startRawServer({ onHandshake: ({ socket }) => void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n') }),
    );
    const start = webSocketTransport(server.url).start();
    await expect(start).rejects.toMatchObject({ code: 'connection-failed', delivered: 'no', retryable: true });
  });

  test('headers are refused, as they cannot be sent', async () => {
    const start = webSocketTransport('ws://127.0.0.1:9', { headers: { 'X-Api-Key': 'hunter2' } }).start();
    await expect(start).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.not.stringContaining('hunter2'),
    });
  });

  test('a handshake without an answer ends in time', async () => {
    const server = untilTheEnd(await startRawServer({ onHandshake: () => {} }));
    const start = webSocketTransport(server.url, { handshakeTimeoutMs: 200 }).start();
    await expect(start).rejects.toMatchObject({ code: 'connect-timeout' });
  });
});
