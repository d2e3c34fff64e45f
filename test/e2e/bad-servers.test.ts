import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { connect, isMcpError, type ClientOptions, type Target } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { stdioServer } from '../servers/launch.ts';
import { startRawHttpServer, type Answer } from '../servers/raw-http-server.ts';

/** What connecting fails with; never a stack of another library. */
async function failureOf(target: Target, options: ClientOptions = {}): Promise<unknown> {
  try {
    const client = await connect(target, { connectTimeoutMs: 3000, probeTimeoutMs: 500, attempts: 1, ...options });
    await client.close();
  } catch (error) {
    expect(isMcpError(error)).toBe(true);
    return error;
  }
  throw new Error('it connected');
}

async function refusedUrl(): Promise<string> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/mcp`;
}

/** A server that gives this one answer to everything. */
function always(answer: Answer): ReturnType<typeof startRawHttpServer> {
  return startRawHttpServer({
    '*': answer,
    initialize: answer,
    'server/discover': answer,
    GET: answer,
    DELETE: answer,
  });
}

const script = (source: string): Target => ({ command: process.execPath, args: ['-e', source] });

describe.concurrent('a server that cannot be connected to', () => {
  test('refuses the connection', async () => {
    const url = await refusedUrl();
    expect(await failureOf(url)).toMatchObject({
      code: 'connection-failed',
      delivered: 'no',
      retryable: true,
      message: expect.stringContaining(new URL(url).host),
    });
  });

  test('has no address', async () => {
    expect(await failureOf('http://does-not-exist.invalid/mcp')).toMatchObject({
      code: 'connection-failed',
      message: expect.stringContaining('does-not-exist.invalid'),
    });
  });

  test('is a web page', async () => {
    await using server = await always(
      ({ response }) =>
        void response.writeHead(200, { 'content-type': 'text/html' }).end('<html><h1>Welcome</h1></html>'),
    );
    expect(await failureOf(server.url)).toMatchObject({
      code: 'invalid-response',
      message: expect.stringMatching(/text\/html/),
    });
  });

  test('wants a credential', async () => {
    await using server = await always(({ json }) =>
      json({ error: 'invalid token' }, 401, { 'www-authenticate': 'Bearer realm="mcp", error="invalid_token"' }),
    );
    expect(await failureOf(server.url, { apiKey: 'top-secret' })).toMatchObject({
      code: 'unauthorized',
      status: 401,
      challenge: 'Bearer realm="mcp", error="invalid_token"',
      header: 'x-api-key',
      message: expect.not.stringContaining('top-secret'),
    });
  });

  test.each([
    { status: 404, code: 'http-error' },
    { status: 405, code: 'http-error' },
    { status: 500, code: 'http-error' },
    { status: 503, code: 'http-error' },
    { status: 429, code: 'rate-limited' },
  ])('answers $status to everything', async ({ status, code }) => {
    await using server = await always(
      ({ response }) =>
        void response.writeHead(status, { 'retry-after': '7', 'content-type': 'text/plain' }).end('not now'),
    );
    expect(await failureOf(server.url)).toMatchObject({ code, status, body: 'not now', retryAfterMs: 7000 });
  });

  test('never answers, over HTTP', async () => {
    await using server = await always(() => {});
    expect(await failureOf(server.url, { connectTimeoutMs: 600, probeTimeoutMs: 100 })).toMatchObject({
      code: 'connect-timeout',
      retryable: true,
    });
  });

  test('never answers, over stdio', async () => {
    const silent = script('process.stdin.resume()');
    expect(await failureOf(silent, { connectTimeoutMs: 600, probeTimeoutMs: 100 })).toMatchObject({
      code: 'connect-timeout',
    });
  });

  test('does not exist as a command', async () => {
    expect(await failureOf({ command: 'no-such-command-anywhere' })).toMatchObject({
      code: 'spawn-failed',
      delivered: 'no',
      message: expect.stringContaining('no-such-command-anywhere'),
    });
  });

  test('does not exist as a working directory', async () => {
    const target = { command: process.execPath, cwd: '/no/such/directory' };
    expect(await failureOf(target)).toMatchObject({
      code: 'spawn-failed',
      message: expect.stringContaining('/no/such/directory'),
    });
  });

  test('dies at its start', async () => {
    const dying = script('console.error("config missing: TOKEN"); process.exit(3)');
    expect(await failureOf(dying)).toMatchObject({
      code: 'server-exited',
      exitCode: 3,
      stderrTail: 'config missing: TOKEN\n',
    });
  });

  test('speaks of other things', async () => {
    const chatty = script('setInterval(() => console.log("hello, I am a log line"), 50)');
    expect(await failureOf(chatty, { connectTimeoutMs: 800, probeTimeoutMs: 100 })).toMatchObject({
      code: 'connect-timeout',
    });
  });

  test('speaks no revision that we know', async () => {
    await using server = await startRawHttpServer({
      initialize: ({ result }) => result({ protocolVersion: '1999-01-01', capabilities: {}, serverInfo: {} }),
    });
    expect(await failureOf(server.url)).toMatchObject({
      code: 'unsupported-version',
      message: expect.stringContaining('1999-01-01'),
    });
  });

  test.each([
    { server: 'v1-server', protocolVersion: '2026-07-28' },
    { server: 'v2-server', protocolVersion: '2025-11-25' },
  ] as const)(
    'does not speak the revision that was asked for: $protocolVersion',
    async ({ server, protocolVersion }) => {
      expect(await failureOf(stdioServer(server), { protocolVersion })).toMatchObject({
        code: 'unsupported-version',
        message: expect.stringContaining(protocolVersion),
      });
    },
  );

  test.each(['ftp://127.0.0.1/mcp', 'not a url', ''])('is named %j', async (target) => {
    expect(await failureOf(target)).toMatchObject({ code: 'config-invalid', delivered: 'no' });
  });
});
