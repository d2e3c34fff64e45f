import { getEventListeners } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { McpClient, memoryTransportPair, type Report } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { eventually } from '../e2e/eventually.ts';
import { seenBy } from '../e2e/subjects.ts';
import { startHttpServer, stdioServer } from '../servers/launch.ts';
import { startRawHttpServer, type Answer } from '../servers/raw-http-server.ts';
import { faultServer, isRunning, legacyClient, rejectionOf, within } from './fault-server.ts';

const servers = ['v1-server', 'v2-server'] as const;
const rows = servers.flatMap((server) => (['stdio', 'HTTP'] as const).map((wire) => ({ server, wire })));

describe.concurrent('a call that takes too long', () => {
  test.each(rows)('row 11: the $server is told over $wire of an abort and of a timeout', async ({ server, wire }) => {
    await using http = wire === 'HTTP' ? await startHttpServer(server) : undefined;
    await using client = new McpClient(http?.url ?? stdioServer(server));
    const seen = (): ReturnType<typeof seenBy> => http?.seen() ?? seenBy(client);
    const controller = new AbortController();
    const slow = (label: string): object => ({ label, steps: 1, stepMs: 30_000 });
    const aborted = rejectionOf(client.callTool('slow', { ...slow('aborted') }, { signal: controller.signal }));
    const bystander = client.callTool('slow', { label: 'bystander', steps: 1, stepMs: 1000 });
    await eventually(async () => expect((await seen()).started).toContain('aborted'));
    const reason = new Error('no longer needed');
    controller.abort(reason);
    expect(await within(50, aborted)).toBe(reason);
    const late = client.callTool('slow', { ...slow('timed out') }, { timeoutMs: 200 });
    const timedOut = { code: 'timeout', delivered: 'unknown', attempts: 1 };
    expect(await within(250, rejectionOf(late))).toMatchObject(timedOut);
    await eventually(async () => expect((await seen()).cancelled).toEqual(['aborted', 'timed out']));
    expect((await bystander).text()).toBe('bystander done');
  });

  test('row 11: its socket is freed at once', async () => {
    let isClosed = false;
    let isAsked = false;
    await using server = await startRawHttpServer({
      'tools/call': ({ request }) => {
        isAsked = true;
        request.socket.once('close', () => (isClosed = true));
      },
    });
    await using client = legacyClient(server.url);
    const controller = new AbortController();
    const rejection = rejectionOf(client.callTool('any', {}, { signal: controller.signal }));
    await eventually(() => expect(isAsked).toBe(true));
    controller.abort();
    expect(await rejection).toBe(controller.signal.reason);
    await eventually(() => expect(isClosed).toBe(true));
    await eventually(() => expect(server.requests.at(-1)?.method).toBe('notifications/cancelled'));
  });

  test('row 11: 20,000 calls leave no listener on the signal that they share', async () => {
    const [ours, theirs] = memoryTransportPair();
    theirs.onmessage = (message) => {
      if (!('method' in message) || !('id' in message)) return;
      const result =
        message.method === 'initialize'
          ? { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'memory', version: '1' } }
          : { content: [] };
      void theirs.send({ jsonrpc: '2.0', id: message.id, result });
    };
    await theirs.start();
    await using client = new McpClient(ours, { protocolVersion: '2025-11-25' });
    const { signal } = new AbortController();
    for (let round = 0; round < 200; round += 1) {
      await Promise.all(Array.from({ length: 100 }, () => client.callTool('any', {}, { signal })));
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test.each<{ name: string; answer: Answer }>([
    {
      name: 'stops in its middle',
      answer: ({ response }) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).write('{"jsonrpc":"2.0",'),
    },
    {
      name: 'trickles',
      answer: ({ response }) => {
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"jsonrpc":"2.0",');
        const trickling = setInterval(() => response.write(' '), 20);
        response.once('close', () => clearInterval(trickling));
      },
    },
    {
      name: 'is a stream of comments',
      answer: ({ response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        const trickling = setInterval(() => response.write(': wait\n\n'), 20);
        response.once('close', () => clearInterval(trickling));
      },
    },
    {
      name: 'is a failure that never ends',
      answer: ({ response }) => void response.writeHead(502, { 'content-length': 1000 }).write('Bad'),
    },
  ])('row 25: an answer that $name ends with the time of its call, and frees its socket', async ({ answer }) => {
    let isClosed = false;
    await using server = await startRawHttpServer({
      'tools/call': (exchange) => {
        exchange.request.socket.once('close', () => (isClosed = true));
        answer(exchange);
      },
      ping: ({ result }) => result({}),
    });
    await using client = legacyClient(server.url);
    await client.connect();
    const call = rejectionOf(client.callTool('any', {}, { timeoutMs: 300 }));
    expect(await within(300, call)).toMatchObject({ code: 'timeout', delivered: 'unknown', attempts: 1 });
    await eventually(() => expect(isClosed).toBe(true));
    await client.ping();
  });

  test('row 28: an answer that comes after the cancel is ignored and counted', async () => {
    const reports: Report[] = [];
    const logs: unknown[] = [];
    await using client = legacyClient(faultServer(), {
      onReport: (report) => reports.push(report),
      onLog: ({ data }) => logs.push(data),
    });
    await expect(client.callTool('answer_late', {}, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'timeout' });
    await eventually(() => expect(logs).toEqual(['answered late']));
    expect(reports.filter(({ kind }) => kind === 'ignored-message')).toHaveLength(1);
    expect((await client.callTool('echo', { text: 'still here' })).text()).toBe('still here');
  });
});

describe.concurrent('a server that says nothing', () => {
  const times = { connectTimeoutMs: 500, probeTimeoutMs: 100, closeGraceMs: 100 };
  const timedOut = { code: 'connect-timeout', name: 'ConnectTimeoutError', delivered: 'no', retryable: true };

  test.each(['2025-11-25', '2026-07-28', 'auto'] as const)(
    'row 12: over stdio, the connect timeout ends it, and its process (%s)',
    async (protocolVersion) => {
      let stderr = '';
      const client = new McpClient(faultServer('silent'), {
        ...times,
        protocolVersion,
        onStderr: (text) => (stderr += text),
      });
      expect(await within(500, rejectionOf(client.callTool('any')))).toMatchObject(timedOut);
      await client.close();
      const pid = Number(stderr);
      expect(pid).toBeGreaterThan(0);
      await eventually(() => expect(isRunning(pid)).toBe(false));
    },
  );

  test.each(['2025-11-25', '2026-07-28', 'auto'] as const)(
    'row 12: over HTTP, the connect timeout ends it, and its sockets (%s)',
    async (protocolVersion) => {
      const sockets = new Set<Socket>();
      let accepted = 0;
      const server = createServer((socket) => {
        accepted += 1;
        sockets.add(socket.on('error', () => {}).resume());
        socket.once('close', () => sockets.delete(socket));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      await using client = new McpClient(`http://127.0.0.1:${port}/mcp`, { ...times, protocolVersion });
      expect(await within(500, rejectionOf(client.callTool('any')))).toMatchObject(timedOut);
      expect(accepted).toBeGreaterThan(0);
      await eventually(() => expect(sockets.size).toBe(0));
      server.close();
    },
  );
});
