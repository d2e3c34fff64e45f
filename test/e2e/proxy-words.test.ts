import type { JsonObject, Transport } from '@toolwire/client-core';
import { serveWebSocket } from '@toolwire/testing';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from './eventually.ts';
import { startRawHost, type RawHost } from './proxy-raw-host.ts';

/** A server that keeps all it hears and says what the test wants, with a host of it behind `mcp proxy`. */
interface Conversation {
  readonly host: RawHost;
  /** What the server has heard. */
  readonly heard: JsonObject[];
  /** Speaks as the server. */
  say(message: JsonObject): void;
  /** The first message that fits, on the server's side. */
  hears(message: JsonObject): Promise<JsonObject>;
  /** The first message that fits, on the host's side. */
  tells(message: JsonObject): Promise<JsonObject>;
}

const serverInfo = { name: 'wordy', version: '1' };

async function startConversation(capabilities: JsonObject): Promise<Conversation> {
  const heard: JsonObject[] = [];
  let socket: Transport | undefined;
  const say = (message: JsonObject): void => void socket?.send({ jsonrpc: '2.0', ...message } as never);
  const server = await serveWebSocket((transport) => {
    socket = transport;
    transport.onmessage = (message) => {
      const { id, method } = message as unknown as JsonObject;
      if (method === 'initialize') say({ id, result: { protocolVersion: '2025-11-25', capabilities: {}, serverInfo } });
      else if (method === 'server/discover') say({ id, error: { code: -32_601, message: 'Method not found' } });
      else heard.push(message);
    };
    void transport.start();
  });
  onTestFinished(() => server.close());
  const host = startRawHost([server.url]);
  const clientInfo = { name: 'host', version: '1' };
  host.send({ id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities, clientInfo } });
  await host.answer(0);
  host.send({ method: 'notifications/initialized' });
  const find = (messages: readonly JsonObject[], wanted: JsonObject): JsonObject => {
    const found = messages.find((message) => Object.keys(wanted).every((key) => message[key] === wanted[key]));
    if (found === undefined) throw new Error(`${JSON.stringify(wanted)} is not among ${JSON.stringify(messages)}`);
    return found;
  };
  return {
    host,
    heard,
    say,
    hears: (wanted) => eventually(() => find(heard, wanted)),
    tells: (wanted) =>
      eventually(() =>
        find(
          host.lines.map((line) => JSON.parse(line) as JsonObject),
          wanted,
        ),
      ),
  };
}

test('a request and its answer pass word for word, but for the token of its progress', async () => {
  const { host, say, hears } = await startConversation({});
  const params = { anything: [1, { deep: null }], _meta: { mine: 'x', progressToken: 'token of the host' } };
  host.send({ id: 'id of the host', method: 'extension/do', params });
  const request = await hears({ method: 'extension/do' });
  const { progressToken } = (request['params'] as { _meta: JsonObject })['_meta'];
  expect(request['params']).toEqual({ ...params, _meta: { mine: 'x', progressToken } });
  say({ method: 'notifications/progress', params: { progressToken, progress: 1, total: 2, message: 'half' } });
  say({ id: request['id'], result: { odd: 'ü', list: null, _meta: { theirs: 1 } } });
  expect(await host.answer('id of the host')).toEqual({
    jsonrpc: '2.0',
    id: 'id of the host',
    result: { odd: 'ü', list: null, _meta: { theirs: 1 } },
  });
  const messages = host.lines.map((line) => JSON.parse(line) as JsonObject);
  expect(messages.find(({ method }) => method === 'notifications/progress')).toMatchObject({
    params: { progressToken: 'token of the host', progress: 1, total: 2, message: 'half' },
  });
});

test('an error passes word for word', async () => {
  const { host, say, hears } = await startConversation({});
  const error = { code: -32_042, message: 'Open this page\nfirst', data: { elicitations: [{ url: 'http://x/?a=b' }] } };
  host.send({ id: 1, method: 'extension/do' });
  say({ id: (await hears({ method: 'extension/do' }))['id'], error });
  expect(await host.answer(1)).toEqual({ jsonrpc: '2.0', id: 1, error });
});

test('a question of the server, its progress and its answer pass, under an id of its own on each side', async () => {
  const { host, say, hears, tells } = await startConversation({ roots: {} });
  const params = { what: 'ever', _meta: { progressToken: 'token of the server' } };
  say({ id: 'id of the server', method: 'extension/ask', params });
  const question = await tells({ method: 'extension/ask' });
  expect(question).toMatchObject({ params });
  host.send({ method: 'notifications/progress', params: { progressToken: 'token of the server', progress: 1 } });
  expect(await hears({ method: 'notifications/progress' })).toMatchObject({
    params: { progressToken: 'token of the server', progress: 1 },
  });
  host.send({ id: question['id'], error: { code: 77, message: 'No', data: { reason: 'x' } } });
  expect(await hears({ id: 'id of the server' })).toMatchObject({
    error: { code: 77, message: 'No', data: { reason: 'x' } },
  });
});

test('a question that the server takes back is taken back from the host', async () => {
  const { say, tells } = await startConversation({ sampling: {} });
  say({ id: 9, method: 'sampling/createMessage', params: {} });
  const question = await tells({ method: 'sampling/createMessage' });
  say({ method: 'notifications/cancelled', params: { requestId: 9, reason: 'too late' } });
  expect(await tells({ method: 'notifications/cancelled' })).toMatchObject({ params: { requestId: question['id'] } });
});

test('notifications pass both ways, known or not', async () => {
  const { host, say, hears, tells } = await startConversation({ roots: { listChanged: true } });
  host.send({ method: 'notifications/roots/list_changed' });
  host.send({ method: 'notifications/extension/here', params: { a: 1 } });
  await hears({ method: 'notifications/roots/list_changed' });
  expect(await hears({ method: 'notifications/extension/here' })).toMatchObject({ params: { a: 1 } });
  say({ method: 'notifications/extension/there', params: { b: 2 } });
  say({ method: 'notifications/message', params: { level: 'info', data: 'said' } });
  expect(await tells({ method: 'notifications/extension/there' })).toMatchObject({ params: { b: 2 } });
  expect(await tells({ method: 'notifications/message' })).toMatchObject({ params: { level: 'info', data: 'said' } });
});

test('a request that the host cancels is cancelled at the server, and not answered', async () => {
  const { host, say, hears } = await startConversation({});
  host.send({ id: 1, method: 'extension/do' });
  const request = await hears({ method: 'extension/do' });
  host.send({ method: 'notifications/cancelled', params: { requestId: 1, reason: 'changed my mind' } });
  expect(await hears({ method: 'notifications/cancelled' })).toMatchObject({ params: { requestId: request['id'] } });
  say({ id: request['id'], result: {} });
  host.send({ id: 2, method: 'ping' });
  await host.answer(2);
  expect(host.lines.map((line) => (JSON.parse(line) as JsonObject)['id'])).toEqual([0, 2]);
});
