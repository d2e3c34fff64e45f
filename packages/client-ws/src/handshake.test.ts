import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import {
  AuthError,
  ConnectTimeoutError,
  HttpError,
  isMcpError,
  McpClient,
  RateLimitError,
  type McpError,
} from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { frame } from '../test-support/frames.ts';
import {
  startRawServer,
  type RawConnection,
  type RawServer,
  type RawServerOptions,
} from '../test-support/raw-web-socket-server.ts';
import { untilTheEnd } from '../test-support/until-the-end.ts';
import { webSocketTransport, type WebSocketTransportOptions } from './web-socket-transport.ts';

const http = (status: string, headers: string, body = ''): string =>
  `HTTP/1.1 ${status}\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** The subprotocols of each handshake that a server has seen. */
function offersTo(server: RawServer): (string | undefined)[] {
  return server.connections.map(({ request }) => /^sec-websocket-protocol: (.+)\r$/im.exec(request)?.[1]);
}

function clientOf(url: string, options?: WebSocketTransportOptions): McpClient {
  return new McpClient(() => webSocketTransport(url, options), { protocolVersion: '2025-11-25', attempts: 1 });
}

/** What connecting to a server that answers the handshake so ends with. */
async function failureWith(
  onHandshake: RawServerOptions['onHandshake'],
  options?: WebSocketTransportOptions,
  credentials = '',
): Promise<McpError> {
  const server = untilTheEnd(await startRawServer({ onHandshake }));
  const transport = webSocketTransport(`${server.url.replace('//', `//${credentials}`)}?token=hunter2`, options);
  let isClosed = false;
  transport.onclose = () => (isClosed = true);
  const error: unknown = await transport.start().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  await transport.close();
  expect(isClosed).toBe(true);
  if (!isMcpError(error)) throw new Error(`no typed error: ${String(error)}`);
  expect(`${error.message} ${JSON.stringify(error)} ${inspect(error.cause)}`).not.toContain('hunter2');
  return error;
}

describe('the subprotocol', () => {
  test('is mcp', async () => {
    const server = untilTheEnd(await startRawServer());
    const client = untilTheEnd(clientOf(server.url));
    expect((await client.callTool('any')).text()).toBe('right ✓ 👍');
    expect(offersTo(server)).toEqual(['mcp']);
  });

  const refusals: readonly { how: string; onHandshake: NonNullable<RawServerOptions['onHandshake']> }[] = [
    { how: 'selects none', onHandshake: (_connection, accept) => accept('') },
    { how: 'selects another', onHandshake: selectAnother },
    ...['400 Bad Request', '403 Forbidden', '426 Upgrade Required'].map((status) => ({
      how: `answers ${status}`,
      onHandshake: refuseOffer(status),
    })),
  ];

  test.each(refusals)('is left out where a server $how, which is remembered', async ({ onHandshake }) => {
    const server = untilTheEnd(await startRawServer({ onHandshake }));
    for (const path of ['one', 'one', 'two']) {
      const client = untilTheEnd(clientOf(`${server.url}/${path}?token=secret-${Math.random()}`));
      expect((await client.callTool('any')).text()).toBe('right ✓ 👍');
    }
    expect(offersTo(server)).toEqual(['mcp', undefined, undefined, 'mcp', undefined]);
  });

  test('is offered again where a server takes no handshake without it any more', async () => {
    let needsNone = true;
    const server = untilTheEnd(
      await startRawServer({
        onHandshake: ({ socket, request }, accept) => {
          if (needsNone) accept('');
          else if (/^sec-websocket-protocol:/im.test(request)) accept();
          else socket.end(http('400 Bad Request', ''));
        },
      }),
    );
    const first = untilTheEnd(clientOf(server.url));
    await first.connect();
    needsNone = false;
    const second = untilTheEnd(clientOf(server.url));
    await second.connect();
    const third = untilTheEnd(clientOf(server.url));
    await third.connect();
    expect(offersTo(server)).toEqual(['mcp', undefined, undefined, 'mcp', 'mcp']);
  });

  test('can be chosen, and then it is that or nothing', async () => {
    const server = untilTheEnd(
      await startRawServer({
        onHandshake: (_connection, accept) => accept('Sec-WebSocket-Protocol: mcp.version.1\r\n'),
      }),
    );
    const client = untilTheEnd(clientOf(server.url, { protocols: ['mcp', 'mcp.version.1'] }));
    await client.connect();
    const other = untilTheEnd(clientOf(server.url, { protocols: ['mcp'] }));
    await expect(other.connect()).rejects.toMatchObject({
      code: 'connection-failed',
      delivered: 'no',
      retryable: false,
    });
    expect(offersTo(server)).toEqual(['mcp,mcp.version.1', 'mcp']);
  });
});

describe('a handshake fails', () => {
  const raw =
    (text: string) =>
    ({ socket }: RawConnection): void =>
      void socket.end(text);
  const final = { code: 'connection-failed', delivered: 'no', retryable: false };
  const passing = { code: 'connection-failed', delivered: 'no', retryable: true };

  test.each([
    {
      how: 'with a web page',
      onHandshake: raw(http('200 OK', 'Content-Type: text/html\r\n', '<h1>Hello</h1>')),
      error: { code: 'http-error', status: 200, retryable: false },
    },
    {
      how: 'with a redirect, which is not followed',
      onHandshake: raw(http('307 Temporary Redirect', 'Location: ws://127.0.0.1:1/\r\n')),
      error: { code: 'http-error', status: 307 },
    },
    {
      how: 'with 404',
      onHandshake: raw(http('404 Not Found', '')),
      error: { code: 'http-error', status: 404, retryable: false, delivered: 'no' },
    },
    {
      how: 'with 500',
      onHandshake: raw(http('500 Oops', '')),
      error: { code: 'http-error', status: 500, retryable: true, delivered: 'no' },
    },
    { how: 'with what is no HTTP', onHandshake: raw('SSH-2.0-OpenSSH_9.2\r\n'), error: final },
    {
      how: 'with the wrong key',
      onHandshake: raw(
        'HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n',
      ),
      error: final,
    },
    {
      how: 'with an upgrade to something else',
      onHandshake: raw('HTTP/1.1 101 OK\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n'),
      error: final,
    },
    { how: 'with an extension that nobody asked for', onHandshake: extended, error: final },
    { how: 'with headers without end', onHandshake: raw(`HTTP/1.1 101 OK\r\nX: ${'x'.repeat(100_000)}`), error: final },
    { how: 'by the end of the stream', onHandshake: raw(''), error: passing },
    {
      how: 'by the end of the stream within the headers',
      onHandshake: raw('HTTP/1.1 101 Switching Protocols\r\nUpgr'),
      error: passing,
    },
    { how: 'by a reset', onHandshake: ({ socket }: RawConnection) => void socket.resetAndDestroy(), error: passing },
  ])('$how', async ({ onHandshake, error }) => {
    expect(await failureWith(onHandshake)).toMatchObject(error);
  });

  test('where nobody listens', async () => {
    const server = await startRawServer();
    await server.close();
    const start = webSocketTransport(server.url).start();
    await expect(start).rejects.toMatchObject({
      ...passing,
      message: expect.stringContaining('nothing listens there'),
    });
  });

  test.each([
    { how: 'says nothing', onHandshake: () => {} },
    { how: 'says a little for ever', onHandshake: drip },
  ])('in time where a server $how', async ({ onHandshake }) => {
    const error = await failureWith(onHandshake, { handshakeTimeoutMs: 300 });
    expect(error).toBeInstanceOf(ConnectTimeoutError);
    expect(error).toMatchObject({ retryable: true, delivered: 'no' });
  });

  test('with the status where the body of an answer never ends', async () => {
    const error = await failureWith(({ socket }) => {
      socket.write('HTTP/1.1 503 Service Unavailable\r\nTransfer-Encoding: chunked\r\n\r\n');
      socket.write('5\r\nsorry\r\n');
    });
    expect(error).toMatchObject({ code: 'http-error', status: 503, body: 'sorry' });
  });

  test('with at most 2 KiB of a long answer', async () => {
    const error = await failureWith(raw(http('502 Bad Gateway', '', '\u001B[31m!'.repeat(100_000))));
    expect(error).toBeInstanceOf(HttpError);
    expect((error as HttpError).body.length).toBeLessThanOrEqual(2049);
    expect(error.message.length).toBeLessThan(500);
    expect(error.message).not.toContain('\u001B');
  });
});

describe('a refusal is a typed error', () => {
  test.each([
    {
      name: '429, with a time',
      status: '429 Too Many Requests',
      headers: 'Retry-After: 7\r\n',
      type: RateLimitError,
      error: { retryAfterMs: 7000, delivered: 'no', retryable: true },
    },
    {
      name: '503, with a time',
      status: '503 Service Unavailable',
      headers: 'Retry-After: 1\r\n',
      type: HttpError,
      error: { status: 503, retryAfterMs: 1000, delivered: 'no', retryable: true },
    },
    {
      name: '401',
      status: '401 Unauthorized',
      headers: 'WWW-Authenticate: Bearer realm="mcp"\r\n',
      type: AuthError,
      error: { status: 401, challenge: 'Bearer realm="mcp"', header: undefined, delivered: 'no', retryable: false },
    },
    { name: '403', status: '403 Forbidden', headers: '', type: AuthError, error: { status: 403, header: undefined } },
  ])('$name', async ({ status, headers, type, error: expected }) => {
    const error = await failureWith(({ socket }) => void socket.end(http(status, headers, 'no')));
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject(expected);
  });

  test.each([
    { where: 'a header', options: { headers: { 'X-Api-Key': 'hunter2' } }, credentials: '', header: 'x-api-key' },
    { where: 'the URL', options: {}, credentials: 'user:hunter2@', header: 'authorization' },
  ])('that names the credential in $where, and never shows it', async ({ options, credentials, header }) => {
    let sent = '';
    const refuse = ({ socket, request }: RawConnection): void => {
      sent = request;
      socket.end(http('401 Unauthorized', ''));
    };
    const error = await failureWith(refuse, options, credentials);
    expect(sent.toLowerCase()).toContain(`\n${header}: `);
    expect(error).toMatchObject({ header });
  });
});

test('a header that cannot be sent is refused by name', async () => {
  const transport = webSocketTransport('ws://127.0.0.1:9/', { headers: { 'X-Api-Key': 'hunter2\n' } });
  const error: unknown = await transport.start().catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: 'config-invalid',
    delivered: 'no',
    message: expect.stringContaining('X-Api-Key'),
  });
  expect(JSON.stringify(error) + String((error as Error).cause)).not.toContain('hunter2');
});

test.each(['http://127.0.0.1/mcp', 'not a URL with hunter2', 'file:///etc/passwd'])('%s is no address', (url) => {
  expect(() => webSocketTransport(url)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  expect(() => webSocketTransport(url)).not.toThrow(/hunter2|passwd/);
});

test('a message that comes with the end of the handshake is heard', async () => {
  const notification = frame({ payload: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/early' }) });
  const server = untilTheEnd(
    await startRawServer({ onHandshake: (_connection, accept) => accept(undefined, notification) }),
  );
  const heard: unknown[] = [];
  const transport = webSocketTransport(server.url);
  transport.onmessage = (message) => heard.push(message);
  await transport.start();
  await expect.poll(() => heard).toMatchObject([{ method: 'notifications/early' }]);
  await transport.close();
});

test('close() ends a handshake that is under way', async () => {
  const server = untilTheEnd(await startRawServer({ onHandshake: () => {} }));
  const transport = webSocketTransport(server.url);
  const starting = transport.start().catch((reason: unknown) => reason);
  await expect.poll(() => server.connections.length).toBe(1);
  await transport.close();
  expect(await starting).toMatchObject({ code: 'connection-closed', delivered: 'no' });
});

function selectAnother({ request }: RawConnection, accept: (headers?: string) => void): void {
  accept(/^sec-websocket-protocol:/im.test(request) ? 'Sec-WebSocket-Protocol: chat\r\n' : '');
}

function refuseOffer(status: string): NonNullable<RawServerOptions['onHandshake']> {
  return ({ socket, request }, accept) => {
    if (/^sec-websocket-protocol:/im.test(request)) socket.end(http(status, ''));
    else accept('');
  };
}

function extended(_connection: RawConnection, accept: (headers?: string) => void): void {
  accept('Sec-WebSocket-Protocol: mcp\r\nSec-WebSocket-Extensions: permessage-deflate\r\n');
}

async function drip({ socket }: RawConnection): Promise<void> {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nX-Slow: ');
  while (!socket.destroyed) {
    socket.write('z');
    await sleep(20);
  }
}
