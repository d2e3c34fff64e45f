import { getEventListeners } from 'node:events';
import { McpClient, type ClientOptions, type Report } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { startHttpServer, stdioServer } from '../servers/launch.ts';
import { eventStream, startRawHttpServer, type Answer } from '../servers/raw-http-server.ts';
import { eventually } from './eventually.ts';

const legacy: ClientOptions = { protocolVersion: '2025-11-25', timeoutMs: 3000 };
const okay: Answer = ({ result }) => result({ content: [{ type: 'text', text: 'okay' }] });

function thrower(): never {
  throw new Error('a bug of the caller');
}

describe.concurrent('callbacks', () => {
  test.each([
    { wire: 'stdio', server: 'v1-server' as const },
    { wire: 'stdio', server: 'v2-server' as const },
    { wire: 'http', server: 'v1-server' as const },
    { wire: 'http', server: 'v2-server' as const },
  ])('that throw disturb no call ($server over $wire)', async ({ wire, server }) => {
    await using http = wire === 'http' ? await startHttpServer(server) : undefined;
    const reports: Report[] = [];
    await using client = new McpClient(http?.url ?? stdioServer(server), {
      onLog: thrower,
      onNotification: thrower,
      onReport: (report) => reports.push(report),
    });
    await client.setLogLevel('debug');
    const slow = client.callTool('slow', { label: 'a', steps: 2, stepMs: 5 }, { onProgress: thrower });
    expect((await slow).text()).toBe('a done');
    expect((await client.callTool('log')).text()).toBe('logged');
    expect((await client.callTool('echo', { text: 'still here' })).text()).toBe('still here');
    expect(reports.some(({ message, detail }) => `${message} ${String(detail)}`.includes('a bug of the caller'))).toBe(
      true,
    );
  });
});

describe.concurrent('signals', () => {
  const reason = new Error('no longer needed');

  test('that are aborted already send nothing', async () => {
    await using server = await startRawHttpServer({ 'tools/call': okay });
    await using client = new McpClient(server.url, legacy);
    const signal = AbortSignal.abort(reason);
    await expect(client.callTool('any', {}, { signal })).rejects.toBe(reason);
    await client.connect();
    await expect(client.callTool('any', {}, { signal })).rejects.toBe(reason);
    expect(server.requests.some(({ method }) => method === 'tools/call')).toBe(false);
  });

  test('end the wait for a connection, which others may still use', async () => {
    await using server = await startRawHttpServer({
      initialize: (exchange) =>
        void setTimeout(() => {
          exchange.result({
            protocolVersion: '2025-11-25',
            capabilities: {},
            serverInfo: { name: 'late', version: '1' },
          });
        }, 400),
      'tools/call': okay,
    });
    await using client = new McpClient(server.url, legacy);
    const other = client.callTool('any');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 50);
    await expect(client.callTool('any', {}, { signal: controller.signal })).rejects.toBe(reason);
    expect((await other).text()).toBe('okay');
  });

  test.each(['v1-server', 'v2-server'] as const)('end a call whose question nobody answers (%s)', async (name) => {
    let isAsked = false;
    let handlerSignal: AbortSignal | undefined;
    const handlers = {
      elicitation: (_params: unknown, context: { signal: AbortSignal }) => {
        isAsked = true;
        handlerSignal = context.signal;
        return new Promise<never>(() => {});
      },
    };
    await using client = new McpClient(stdioServer(name), { handlers });
    const controller = new AbortController();
    const rejection = client.callTool('confirm', {}, { signal: controller.signal }).catch((error: unknown) => error);
    await eventually(() => expect(isAsked).toBe(true));
    controller.abort(reason);
    expect(await rejection).toBe(reason);
    if (name === 'v2-server') expect(handlerSignal?.aborted).toBe(true);
    const late = client.callTool('confirm', {}, { maxTotalMs: 300 });
    await expect(late).rejects.toMatchObject({ code: 'timeout' });
    expect((await client.callTool('echo', { text: 'still here' })).text()).toBe('still here');
  });

  test('leave no listeners behind', async () => {
    await using client = new McpClient(stdioServer('v2-server'));
    const { signal } = new AbortController();
    for (let call = 0; call < 5; call += 1) await client.callTool('echo', { text: 'x' }, { signal });
    await eventually(() => expect(getEventListeners(signal, 'abort')).toEqual([]));
  });
});

describe.concurrent('closing', () => {
  test('ends a connection that is still being made', async () => {
    await using server = await startRawHttpServer({ initialize: () => {} });
    const client = new McpClient(server.url, legacy);
    const connecting = client.connect().catch((error: unknown) => error);
    await eventually(() => expect(server.requests.length).toBeGreaterThan(0));
    await client.close();
    expect(await connecting).toMatchObject({ code: 'connection-closed' });
  });

  test.each(['v1-server', 'v2-server'] as const)('ends subscriptions and streams (%s)', async (name) => {
    await using server = await startHttpServer(name);
    const client = new McpClient(server.url);
    const subscription = await client.subscribe({ tools: true });
    const next = subscription[Symbol.asyncIterator]().next();
    await client.close();
    expect(await next).toMatchObject({ done: true });
  });

  test('answers that come late, twice or for nobody are ignored', async () => {
    await using server = await startRawHttpServer({
      'tools/call': (exchange) => {
        const answer = {
          jsonrpc: '2.0',
          id: exchange.message.id,
          result: { content: [{ type: 'text', text: 'first' }] },
        };
        exchange.events({ ...answer, id: 4711 }, answer, { ...answer, result: { content: [] } });
      },
    });
    const reports: Report[] = [];
    await using client = new McpClient(server.url, { ...legacy, onReport: (report) => reports.push(report) });
    expect((await client.callTool('any')).text()).toBe('first');
    await eventually(() => expect(reports.filter(({ kind }) => kind === 'ignored-message')).toHaveLength(2));
  });

  test('a call that was accepted with 202 is answered on the stream of the server', async () => {
    let open: Parameters<Answer>[0] | undefined;
    await using server = await startRawHttpServer({
      GET: (exchange) => {
        exchange.response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        open = exchange;
      },
      'tools/call': ({ message, response }) => {
        response.writeHead(202).end();
        const result = { content: [{ type: 'text', text: 'by the other door' }] };
        open?.response.write(eventStream({ jsonrpc: '2.0', id: message.id, result }));
      },
    });
    await using client = new McpClient(server.url, legacy);
    await client.connect();
    await eventually(() => expect(open).toBeDefined());
    expect((await client.callTool('any')).text()).toBe('by the other door');
  });
});
