import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { McpClient, type ClientOptions, type Report, type Target } from '@toolwire/client-core';
import { audit, log } from '@toolwire/client-core/observe';
import { describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { startHost } from '../faults/host.ts';
import { startRawHttpServer, type Answer, type RawHttpServer } from '../servers/raw-http-server.ts';

const mebibyte = 1024 * 1024;
const legacy: ClientOptions = { protocolVersion: '2025-11-25', timeoutMs: 10_000, attempts: 1 };

describe('row 5', () => {
  const spaces = Buffer.alloc(300 * mebibyte, ' ');
  spaces.write('{"jsonrpc":"2.0",');
  const bombs: Record<string, () => Buffer> = {
    gzip: () => gzipSync(spaces, { level: 9 }),
    deflate: () => deflateSync(spaces, { level: 9 }),
    br: () => brotliCompressSync(spaces, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  };

  test.each([
    ['gzip', 200, 'message-too-large'],
    ['gzip', 500, 'http-error'],
    ['deflate', 200, 'message-too-large'],
    ['br', 200, 'message-too-large'],
  ])('row 5: 300 MiB from less than 1 MiB of %s, with status %d, are not unpacked', async (encoding, status, code) => {
    const bomb = bombs[encoding]?.() ?? Buffer.alloc(0);
    expect(bomb.length).toBeLessThan(mebibyte);
    await using server = await startRawHttpServer({
      'tools/call': ({ response }) =>
        void response.writeHead(status, { 'content-type': 'application/json', 'content-encoding': encoding }).end(bomb),
      ping: ({ result }) => result({}),
    });
    const host = startHost(
      `const client = new McpClient(target, { protocolVersion: '2025-11-25', attempts: 1 });
       await client.ping();
       const before = process.memoryUsage.rss();
       const { code } = await client.callTool('bomb').catch((error) => error);
       const bytes = process.memoryUsage.rss() - before;
       await client.ping();
       await client.close();
       console.log(JSON.stringify({ code, bytes }));`,
      server.url,
    );
    expect(await host.ended).toBe(0);
    const outcome = JSON.parse(host.output()) as { code: string; bytes: number };
    expect(outcome.code).toBe(code);
    expect(outcome.bytes).toBeLessThan(100 * mebibyte);
  });
});

/** A server that writes to whoever connects, for ever. */
async function startEndlessServer(
  head: string,
  piece: Buffer,
): Promise<AsyncDisposable & { port: number; sent(): number }> {
  let sent = 0;
  const pour = (socket: Socket): void => {
    while (!socket.destroyed && socket.write(piece)) sent += piece.length;
  };
  const server = createServer((socket) => {
    socket.on('error', () => {}).on('drain', () => pour(socket));
    socket.once('data', () => {
      socket.write(head);
      pour(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // It listens on a port.
  return { port, sent: () => sent, [Symbol.asyncDispose]: async () => void server.close() };
}

describe('row 6', () => {
  const ok = 'HTTP/1.1 200 OK\r\n';
  const letters = Buffer.alloc(64 * 1024, 'x');
  const small: ClientOptions = { ...legacy, maxMessageBytes: 2 * mebibyte };

  test.each([
    ['body', `${ok}content-type: application/json\r\n\r\n{"`, letters, 'message-too-large'],
    ['event', `${ok}content-type: text/event-stream\r\n\r\ndata: `, letters, 'message-too-large'],
    [
      'event of many lines',
      `${ok}content-type: text/event-stream\r\n\r\n`,
      Buffer.from(`data: ${'x'.repeat(1000)}\n`.repeat(60)),
      'message-too-large',
    ],
    ['error body', 'HTTP/1.1 400 Bad\r\n\r\n', letters, 'http-error'],
    ['header', ok, Buffer.from(`x-${'y'.repeat(1000)}: z\r\n`.repeat(50)), 'delivery-unknown'],
  ])('row 6: an endless %s is cut off', async (_what, head, piece, code) => {
    await using server = await startEndlessServer(head, piece);
    await using client = new McpClient(`http://127.0.0.1:${server.port}/mcp`, small);
    await expect(client.connect()).rejects.toMatchObject({ code });
    expect(server.sent()).toBeLessThan(16 * mebibyte); // What was read, and what the sockets hold.
  });

  test('row 6: an endless line on stdout is cut off', async () => {
    const source = `
      const piece = Buffer.alloc(65536, 'x');
      let sent = 0;
      const pour = () => { while (process.stdout.write(piece)) sent += 65536; };
      process.stdout.on('drain', pour);
      process.stdin.once('data', () => { process.stdout.write('{"jsonrpc":"2.0","id":1,"result":"'); pour(); });`;
    await using client = new McpClient({ command: process.execPath, args: ['-e', source] }, small);
    await expect(client.connect()).rejects.toMatchObject({ code: 'message-too-large' });
  });

  test('row 6: a WebSocket offers no compression, and cuts off an endless message', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    let sent = 0;
    let extensions: string | undefined = 'nobody has connected';
    server.on('connection', (socket, request) => {
      extensions = request.headers['sec-websocket-extensions'];
      socket.on('error', () => {});
      socket.once('message', () => {
        const pour = (): void => {
          if (socket.readyState !== socket.OPEN || sent > 64 * mebibyte) return;
          sent += letters.length;
          socket.send(letters, { fin: false, binary: false }, pour);
        };
        pour();
      });
    });
    const { port } = server.address() as AddressInfo;
    await using client = new McpClient(`ws://127.0.0.1:${port}/`, small);
    await expect(client.connect()).rejects.toMatchObject({ code: 'message-too-large' });
    expect(extensions).toBeUndefined();
    expect(sent).toBeLessThan(32 * mebibyte);
    for (const socket of server.clients) socket.terminate();
    server.close();
  });

  test.each(['http', 'ws'])('row 6: a server that never answers a %s: handshake is given up', async (protocol) => {
    const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = new McpClient(`${protocol}://127.0.0.1:${port}/`, { ...legacy, connectTimeoutMs: 300 });
    await expect(client.connect()).rejects.toMatchObject({ code: 'connect-timeout' });
    await client.close();
    server.close();
  });
});

const flood = 'line\r\n\u001b[31mFAKE\u001b[0m\u202e\u0085'.repeat((5 * mebibyte) / 20);

interface Flood {
  name: string;
  answer: Answer;
  options?: ClientOptions;
}

const floods: Flood[] = [
  { name: 'the body of an error', answer: ({ response }) => void response.writeHead(400).end(flood) },
  {
    name: 'the body of a refusal',
    answer: ({ response }) =>
      void response.writeHead(401, { 'www-authenticate': `Bearer error="${'x'.repeat(7000)}"` }).end(flood),
  },
  { name: 'the body of a 429', answer: ({ response }) => void response.writeHead(429).end(flood) },
  {
    name: 'the message of an error',
    answer: ({ json, message }) => json({ jsonrpc: '2.0', id: message.id, error: { code: 1, message: flood } }),
  },
  {
    name: 'what is no JSON',
    answer: ({ response }) => void response.writeHead(200, { 'content-type': 'application/json' }).end(flood),
  },
  {
    name: 'an event that is no JSON',
    answer: ({ response }) =>
      void response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .end(`data: ${flood.replaceAll('\r\n', '')}\n\n`),
  },
  {
    name: 'what is no MCP',
    answer: ({ response }) => void response.writeHead(200, { 'content-type': 'text/html' }).end(flood),
  },
  {
    name: 'a tool that fails',
    answer: ({ result }) => result({ isError: true, content: [{ type: 'text', text: flood }] }),
    options: { throwOnToolError: true },
  },
  {
    name: 'an answer to another request',
    answer: ({ json }) => json({ jsonrpc: '2.0', id: flood, result: {} }),
    options: { strict: true },
  },
  {
    name: 'unknown keys',
    answer: ({ json, message }) => json({ jsonrpc: '2.0', id: message.id, result: {}, [flood]: 1 }),
    options: { strict: true },
  },
  {
    name: 'a content of no known type',
    answer: ({ result }) => result({ content: [{ type: flood }] }),
    options: { strict: true },
  },
];

const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('row 10', () => {
  test.each(floods)('row 10: $name of 5 MiB is an excerpt on one line', async ({ answer, options }) => {
    await using server = await startRawHttpServer({ 'tools/call': answer });
    const lines: string[] = [];
    const write = (line: string): void => void lines.push(line);
    const interceptors = [log(write), audit(write)];
    await using client = new McpClient(server.url, { ...legacy, interceptors, ...options });
    const failure: unknown = await client.callTool('any').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    const { message } = failure as Error;
    expect(message.length).toBeLessThan(2048 + 300);
    for (const text of [message, ...lines]) expect(text).not.toMatch(unprintable);
    expect(inspect(failure).length).toBeLessThan(64 * 1024);
    expect(JSON.stringify(failure).length).toBeLessThan(64 * 1024);
  });

  test('row 10: what a server writes where nobody asked is reported in an excerpt', async () => {
    const reports: Report[] = [];
    await using server: RawHttpServer = await startRawHttpServer({
      'tools/list': ({ result }) => result({ tools: [{ name: flood, description: 1, inputSchema: null }] }),
      'tools/call': ({ result }) => result({ content: [{ type: flood }] }),
    });
    await using client = new McpClient(server.url, { ...legacy, onReport: (report) => reports.push(report) });
    await client.listTools();
    await client.callTool('any');
    expect(reports.length).toBeGreaterThan(2);
    for (const { message } of reports) {
      expect(message.length).toBeLessThan(2048 + 300);
      expect(message).not.toMatch(unprintable);
    }
  });

  test('row 10: a server that dies with 5 MiB on stderr is quoted by its last 4 KiB', async () => {
    const source = `process.stderr.write('line\\u001b[31m\\n'.repeat(500000), () => process.exit(1));`;
    const target: Target = { command: process.execPath, args: ['-e', source] };
    await using client = new McpClient(target, legacy);
    const failure: unknown = await client.connect().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'server-exited' });
    const { message, stderrTail } = failure as Error & { stderrTail: string };
    expect(stderrTail.length).toBeLessThanOrEqual(4096);
    expect(message).not.toMatch(unprintable);
  });
});
