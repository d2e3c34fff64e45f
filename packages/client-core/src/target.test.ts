import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { startHttpServer, type HttpServer } from '../test-support/http-server.ts';
import { transportOpener, type Target, type TransportSettings } from './target.ts';
import { memoryTransportPair } from './transports/memory.ts';

const servers: HttpServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const ignore = (): void => {};

/** The headers that a server sees of one message to `target`. */
async function headersSeen(makeTarget: (url: string) => Target, settings: TransportSettings): Promise<object> {
  const server = await startHttpServer({});
  servers.push(server);
  const transport = await transportOpener(makeTarget(server.url), settings, ignore)();
  await transport.start();
  await transport.send({ jsonrpc: '2.0', method: 'n' });
  await transport.close();
  return server.requests[0]?.headers ?? {};
}

describe('a URL', () => {
  test.each<[string, (url: string) => Target]>([
    ['as text', (url) => url],
    ['as a URL', (url) => new URL(url)],
    ['in a configuration', (url) => ({ url })],
    ['in a configuration, as a URL', (url) => ({ url: new URL(url) })],
  ])('%s is reached with the API key and the headers', async (_title, makeTarget) => {
    const seen = await headersSeen(makeTarget, { apiKey: 'k', headers: { 'X-Mine': 'yes' } });
    expect(seen).toMatchObject({ 'x-api-key': 'k', 'x-mine': 'yes' });
  });

  test('has its own headers, and those of the options win', async () => {
    const makeTarget = (url: string): Target => ({ url, headers: { 'x-a': 'config', 'x-b': 'config' } });
    const seen = await headersSeen(makeTarget, { headers: { 'x-b': 'option' } });
    expect(seen).toMatchObject({ 'x-a': 'config', 'x-b': 'option' });
    expect(seen).not.toHaveProperty('x-api-key');
  });

  test.each([
    ['npx some-server', /"npx some-server" is no URL; to start a command, pass \{ command, args \}/],
    ['', /"" is no URL/],
    ['localhost:8000/mcp', /is no URL of http:, https:, ws: or wss:/],
    ['ftp://example.test/', /is no URL of http:, https:, ws: or wss:/],
    ['file:///etc/passwd', /is no URL of http:, https:, ws: or wss:/],
    ['javascript:alert(1)', /is no URL of http:, https:, ws: or wss:/],
  ])('%j is none', async (target, message) => {
    for (const asked of [target, { url: target }]) {
      const open = async (): Promise<unknown> => transportOpener(asked, {}, ignore)();
      await expect(open()).rejects.toMatchObject({
        code: 'config-invalid',
        delivered: 'no',
        message: expect.stringMatching(message) as string,
      });
    }
  });

  test('that is wrong is not quoted with the secrets in it', async () => {
    const open = async (): Promise<unknown> =>
      transportOpener('ftp://me:hunter2@example.test/mcp?token=hunter3', {}, ignore)();
    const error = await open().catch((thrown: unknown) => thrown as Error);
    expect(String(error)).toContain('example.test');
    expect(String(error)).not.toMatch(/hunter/);
  });

  test('names one of the wires that there are', async () => {
    const open = async (url: string, transport: string): Promise<unknown> =>
      transportOpener({ url, transport: transport as 'sse' }, {}, ignore)(); // As a program without types may write it.
    await expect(open('http://127.0.0.1/mcp', 'toString')).rejects.toMatchObject({
      code: 'config-invalid',
      message: 'There is no transport "toString"; use auto, http, sse, post, rest',
    });
    await expect(open('ws://127.0.0.1/mcp', 'sse')).rejects.toMatchObject({
      code: 'config-invalid',
      message: 'There is no transport "sse"; use none for a ws: URL',
    });
  });
});

describe('a WebSocket URL', () => {
  test('is opened by the package for it', async () => {
    const transport = await transportOpener('ws://127.0.0.1:9/mcp', { apiKey: 'k' }, ignore)();
    expect(transport.send).toBeTypeOf('function');
    await transport.close();
  });

  test('says which package is missing', async () => {
    const program = `
      import { registerHooks } from 'node:module';
      registerHooks({
        resolve(name, context, next) {
          if (name === '@toolwire/client-ws') throw new Error('not installed');
          return next(name, context);
        },
      });
      const { connect } = await import('@toolwire/client-core');
      const { code, message } = await connect('ws://127.0.0.1:9/mcp').catch((error) => error);
      console.log(JSON.stringify({ code, message }));`;
    const run = promisify(execFile);
    const args = ['--conditions=@toolwire/source', '--input-type=module', '-e', program];
    const { stdout } = await run(process.execPath, args);
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining('npm install @toolwire/client-ws') as string,
    });
  });
});

test('a command is started, and what it writes beside messages is reported', async () => {
  const [stderr, reports]: [string[], string[]] = [[], []];
  const script = "console.error('ready'); console.log('no message'); process.stdin.resume()";
  const target = { command: process.execPath, args: ['-e', script] };
  const settings = { onStderr: (text: string) => void stderr.push(text), closeGraceMs: 100 };
  const transport = await transportOpener(target, settings, ({ kind, detail }) =>
    reports.push(`${kind}: ${String(detail)}`),
  )();
  await transport.start();
  await expect.poll(() => [stderr.join('').trim(), reports]).toEqual(['ready', ['ignored-output: no message']]);
  await transport.close();
});

describe('a transport', () => {
  test('is used as it is, once', async () => {
    const [transport] = memoryTransportPair();
    const open = transportOpener(transport, {}, ignore);
    expect(await open()).toBe(transport);
    const again = async (): Promise<unknown> => open();
    await expect(again()).rejects.toMatchObject({
      code: 'connection-closed',
      delivered: 'no',
      message: expect.stringContaining('pass a function') as string,
    });
  });

  test('made by a function is made again each time', async () => {
    const open = transportOpener(() => memoryTransportPair()[0], {}, ignore);
    expect(await open()).not.toBe(await open());
  });
});
