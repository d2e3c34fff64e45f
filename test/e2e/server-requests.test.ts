import { McpClient, type Handlers } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { eventStream, startRawHttpServer } from '../servers/raw-http-server.ts';
import { eventually } from './eventually.ts';

interface Scene extends AsyncDisposable {
  /** What this side has posted as answers so far. */
  answers(): unknown[];
}

/** Connects to a server that sends these messages over its own stream. */
async function openScene(messages: readonly unknown[], handlers: Handlers): Promise<Scene> {
  const server = await startRawHttpServer({
    GET: ({ response }) =>
      void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(eventStream(...messages)),
  });
  const client = new McpClient(server.url, { protocolVersion: '2025-11-25', handlers });
  await client.connect();
  return {
    answers: () =>
      server.requests
        .map(({ message }) => message)
        .filter(({ method, id }) => method === undefined && id !== undefined),
    async [Symbol.asyncDispose]() {
      await client.close();
      await server.close();
    },
  };
}

describe.concurrent('requests of a server', () => {
  test('are answered, also those that this side does not know', async () => {
    const requests = [
      { jsonrpc: '2.0', id: 'a', method: 'ping' },
      { jsonrpc: '2.0', id: 'b', method: 'roots/list' },
      { jsonrpc: '2.0', id: 'c', method: 'sampling/createMessage', params: {} },
      { jsonrpc: '2.0', id: 0, method: 'unheard/of' },
    ];
    await using scene = await openScene(requests, { roots: [] });
    await eventually(() => expect(scene.answers()).toHaveLength(4));
    expect(scene.answers()).toEqual(
      expect.arrayContaining([
        { jsonrpc: '2.0', id: 'a', result: {} },
        { jsonrpc: '2.0', id: 'b', result: { roots: [] } },
        { jsonrpc: '2.0', id: 'c', error: expect.objectContaining({ code: -32_601 }) },
        { jsonrpc: '2.0', id: 0, error: expect.objectContaining({ code: -32_601 }) },
      ]),
    );
  });

  test('that it takes back are stopped and not answered', async () => {
    let signal: AbortSignal | undefined;
    const sampling: Handlers['sampling'] = (_params, context) => {
      signal = context.signal;
      return new Promise(() => {});
    };
    const messages = [
      { jsonrpc: '2.0', id: 1, method: 'sampling/createMessage', params: {} },
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } },
      { jsonrpc: '2.0', id: 2, method: 'ping' },
    ];
    await using scene = await openScene(messages, { sampling });
    await eventually(() => expect(scene.answers()).toEqual([{ jsonrpc: '2.0', id: 2, result: {} }]));
    expect(signal?.aborted).toBe(true);
  });
});
