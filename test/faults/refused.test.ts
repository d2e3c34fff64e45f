import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '@toolwire/client-core';
import { expect, test } from 'vitest';
import { startRawHttpServer, type Answer, type RawHttpServer } from '../servers/raw-http-server.ts';

const answers: Record<string, Answer> = {
  'tools/call': ({ result }) => result({ content: [{ type: 'text', text: 'paid' }] }),
};

/** A port on which nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startLater(port: number): Promise<RawHttpServer> {
  await sleep(2000);
  return startRawHttpServer(answers, port);
}

const callsOf = (server: RawHttpServer): number =>
  server.requests.filter(({ method }) => method === 'tools/call').length;

test.concurrent('row 13: a server that is up only after 2 s is connected to in under 4 s', async () => {
  const port = await freePort();
  const start = Date.now();
  const [client, server] = await Promise.all([connect(`http://127.0.0.1:${port}/mcp`), startLater(port)]);
  expect(Date.now() - start).toBeLessThan(4000);
  await client.close();
  await server.close();
});

test.concurrent('row 14: a call into a gap of 2 s is answered in under 4 s, and executed once', async () => {
  const first = await startRawHttpServer(answers);
  await using client = await connect(first.url);
  await first.close();
  await sleep(50); // The end of the idle connection has been seen; before that, its fate is unknown (row 26).
  const start = Date.now();
  const [result, second] = await Promise.all([client.callTool('pay'), startLater(Number(new URL(first.url).port))]);
  expect(result.text()).toBe('paid');
  expect(Date.now() - start).toBeLessThan(4000);
  expect(callsOf(second)).toBe(1);
  await second.close();
});
