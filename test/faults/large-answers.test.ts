import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import type { ClientOptions } from '@toolwire/client-core';
import { expect, test } from 'vitest';
import { eventually } from '../e2e/eventually.ts';
import { startRawHttpServer, type Answer } from '../servers/raw-http-server.ts';
import { faultServer, legacyClient, within } from './fault-server.ts';
import { startHost } from './host.ts';

const mebibyte = 1024 * 1024;
const mostGrowth = 80 * mebibyte;

/** How a call fails in a process of its own, and by how many bytes that has grown meanwhile, at its largest. */
async function failureIn(
  target: unknown,
  tool: string,
  options: ClientOptions = {},
): Promise<{ code: string; bytes: number }> {
  const host = startHost(
    `const client = new McpClient(target, ${JSON.stringify({ protocolVersion: '2025-11-25', ...options })});
     await client.ping();
     const before = process.memoryUsage.rss();
     let most = before;
     const measure = () => (most = Math.max(most, process.memoryUsage.rss()));
     const measuring = setInterval(measure, 5);
     const { code } = await client.callTool('${tool}').catch((error) => error);
     measure();
     clearInterval(measuring);
     await client.ping();
     await client.close();
     console.log(JSON.stringify({ code, bytes: most - before }));`,
    target,
  );
  expect(await host.ended).toBe(0);
  return JSON.parse(host.output()) as { code: string; bytes: number };
}

/** 300 MiB of spaces after the start of a JSON text, compressed to 300 KiB. */
function gzipBomb(): Promise<Buffer> {
  const spaces = Buffer.alloc(mebibyte, ' ');
  function* text(): Generator<Buffer> {
    yield Buffer.from('{"jsonrpc":"2.0",');
    for (let count = 0; count < 300; count += 1) yield spaces;
  }
  return buffer(Readable.from(text()).pipe(createGzip({ level: 9 })));
}

/** A server whose answer to a call is this; ping works. */
function serverThat(answer: Answer): ReturnType<typeof startRawHttpServer> {
  return startRawHttpServer({ 'tools/call': answer, ping: ({ result }) => result({}) });
}

test.each<{ name: string; answer: (result: unknown) => Answer }>([
  { name: 'JSON', answer: (value) => (exchange) => exchange.result(value) },
  {
    name: 'an event',
    answer: (value) => (exchange) => exchange.events({ jsonrpc: '2.0', id: exchange.message.id, result: value }),
  },
])('row 24: 10 MiB as $name arrive whole', async ({ answer }) => {
  const text = 'ü1234567'.repeat((10 * mebibyte) / 8);
  await using server = await serverThat(answer({ content: [{ type: 'text', text }] }));
  await using client = legacyClient(server.url);
  expect((await within(500, client.callTool('any'))).text() === text).toBe(true);
});

test('row 24: a gzip bomb fails its call alone, and the process hardly grows', async () => {
  const bomb = await gzipBomb();
  expect(bomb.length).toBeLessThan(0.5 * mebibyte);
  await using server = await serverThat(
    ({ response }) =>
      void response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb),
  );
  const { code, bytes } = await failureIn(server.url, 'any');
  expect(code).toBe('message-too-large');
  expect(bytes).toBeLessThan(mostGrowth);
});

test('row 24: an event of 200 MiB in one line fails its call alone, and the process hardly grows', async () => {
  const piece = Buffer.alloc(mebibyte, 'x');
  let left = 200;
  let isCut = false;
  await using server = await serverThat(({ response, request }) => {
    request.socket.once('close', () => (isCut = true));
    response.on('error', () => {}).writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: ');
    const write = (): void => {
      while (left > 0 && !response.destroyed && response.write(piece)) left -= 1;
    };
    response.on('drain', write);
    write();
  });
  // At the default of 64 MiB the process grows by 87 to 95 MB: what was read, in pieces of the socket's making.
  const { code, bytes } = await failureIn(server.url, 'any', { maxMessageBytes: 16 * mebibyte });
  expect(code).toBe('message-too-large');
  expect(bytes).toBeLessThan(mostGrowth);
  expect(left).toBeGreaterThan(0);
  await eventually(() => expect(isCut).toBe(true));
});

test('row 24: a line of 200 MiB over stdio fails its call alone, and the process hardly grows', async () => {
  const { code, bytes } = await failureIn(faultServer(), 'endless_line');
  expect(code).toBe('message-too-large');
  expect(bytes).toBeLessThan(mostGrowth);
});
