import * as api from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { McpClient, McpHub, type ClientOptions, type ConnectionStatus } from '@toolwire/client-core';
import { subscribeEvents } from '@toolwire/client-core/events';
import { audit, log, trace } from '@toolwire/client-core/observe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRawHttpServer, type Answer } from '../servers/raw-http-server.ts';
import { canariesIn, canary, echoes, echoOf } from './canary.ts';

const spans = new InMemorySpanExporter();

beforeAll(() => {
  api.trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
});
afterAll(() => api.trace.disable());

/** Everything that a program may write down of what a client does. */
interface Sinks {
  readonly options: ClientOptions;
  readonly said: unknown[];
}

function openSinks(): Sinks {
  const said: unknown[] = [];
  const say = (what: unknown): void => void said.push(what);
  const interceptors = [log(say), audit(say, { arguments: true, server: 'echo' }), trace(api)];
  const options: ClientOptions = {
    interceptors,
    onReport: say,
    onRetry: say,
    onStderr: say,
    protocolVersion: '2025-11-25',
    timeoutMs: 5000,
    connectTimeoutMs: 5000,
    attempts: 2,
  };
  return { options, said };
}

async function follow(statuses: AsyncIterable<ConnectionStatus>, said: unknown[]): Promise<void> {
  for await (const status of statuses) said.push(status);
}

/** Calls, and keeps all that comes of it. */
async function useClient(client: McpClient, said: unknown[]): Promise<unknown> {
  const following = follow(client.status(), said);
  const args = {
    password: canary('argument'),
    nested: { apiKey: canary('argument') },
    url: `https://u:${canary('argument')}@x.example/?k=${canary('argument')}`,
  };
  const failures: unknown[] = [];
  for (const call of [() => client.listTools(), () => client.callTool('any', args), () => client.ping()])
    await call().catch((error: unknown) => failures.push(error));
  said.push(failures, client, client.server);
  await client.close();
  await following;
  return failures;
}

const credentials: Record<string, ClientOptions> = {
  'an API key and a header': {
    apiKey: canary('key'),
    headers: { 'X-Client-Key': canary('header'), cookie: `session=${canary('cookie')}` },
  },
  'a bearer token': { bearer: canary('bearer') },
  'a bearer token of a function': { bearer: () => canary('function') },
};

const legacyHandshake: Answer = ({ result }) =>
  result({ protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'echo', version: '1' } });

describe.each(Object.entries(credentials))('row 21: %s, and the secrets of an address', (_name, given) => {
  test.each([...Object.keys(echoes), 'nothing wrong'])('stay secret where the answer is %s', async (wrong) => {
    const answer: Answer = (exchange) => {
      const echo = echoes[wrong]?.(echoOf(exchange));
      if (echo === undefined) exchange.result({ tools: [], content: [] });
      else echo(exchange);
    };
    for (const handshake of [legacyHandshake, answer]) {
      await using server = await startRawHttpServer({
        initialize: handshake,
        'tools/call': answer,
        'tools/list': answer,
        ping: answer,
      });
      const url = server.url.replace('://', `://${canary('user')}:${canary('password')}@`) + `?key=${canary('query')}`;
      const { options, said } = openSinks();
      await useClient(new McpClient(url, { ...options, ...given }), said);
      const hub = new McpHub(
        { echo: { target: url, ...options, ...given } },
        { onServerError: (...error) => void said.push(error) },
      );
      await hub.callTool('echo/any').catch((error: unknown) => said.push(error));
      await hub.listTools().catch((error: unknown) => said.push(error));
      said.push(hub, hub.failures, hub.servers);
      await hub.close();
      said.push(
        spans.getFinishedSpans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
      );
      spans.reset();
      expect(said.length).toBeGreaterThan(5);
      expect(canariesIn(...said)).toEqual([]);
    }
  });
});

test('row 21: a header of one call stays secret', async () => {
  for (const wrong of Object.keys(echoes)) {
    await using server = await startRawHttpServer({
      'tools/call': (exchange) => echoes[wrong]?.(echoOf(exchange))(exchange),
    });
    const { options, said } = openSinks();
    await using client = new McpClient(server.url, options);
    const headers = { 'X-API-Key': canary('call') };
    await client.callTool('any', {}, { headers }).catch((error: unknown) => said.push(error));
    expect([wrong, canariesIn(...said)]).toEqual([wrong, []]);
  }
});

test('row 21: the environment of a server stays secret, whatever it writes where', async () => {
  const source = `
    console.log('starting with', process.env);
    console.error(process.env, process.argv);
    require('node:readline').createInterface(process.stdin).on('line', (line) => {
      const { id, method } = JSON.parse(line);
      if (id === undefined) return;
      if (method === 'ping') { console.error('bye', process.env.API_TOKEN); process.exit(3); }
      const serverInfo = { name: 'echo', version: '0' };
      const answer = method === 'initialize'
        ? { result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo } }
        : { error: { code: -32000, message: JSON.stringify(process.env), data: process.env } };
      process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...answer }) + '\\n');
    });`;
  process.env['INHERITED_PASSWORD'] = canary('inherited');
  try {
    const { options, said } = openSinks();
    const url = `postgres://someone:${canary('url')}@db.example/x`;
    const env = { API_TOKEN: canary('token'), DB_PASSWORD: canary('database'), DATABASE_URL: url };
    const config = {
      command: process.execPath,
      args: ['-e', source, '--', `--token=${canary('argument')}`, url],
      env,
      inheritEnv: ['INHERITED_PASSWORD'],
    };
    await useClient(new McpClient(config, { ...options, attempts: 1 }), said);
    expect(JSON.stringify(said)).toContain('[redacted]');
    expect(canariesIn(...said)).toEqual([]);
  } finally {
    delete process.env['INHERITED_PASSWORD'];
  }
});

test('row 21: a stream of events shows no secret, whatever is wrong with it', async () => {
  for (const wrong of Object.keys(echoes)) {
    await using server = await startRawHttpServer({ GET: (exchange) => echoes[wrong]?.(echoOf(exchange))(exchange) });
    const said: unknown[] = [];
    const url = server.url.replace('://', `://${canary('user')}:${canary('password')}@`) + `?key=${canary('query')}`;
    const ending = new AbortController();
    const onReconnecting = (reconnecting: unknown): void => {
      said.push(reconnecting);
      ending.abort();
    };
    const headers = { 'X-API-Key': canary('key') };
    try {
      for await (const event of subscribeEvents(url, { headers, onReconnecting, signal: ending.signal })) event.json();
    } catch (error) {
      said.push(error);
    }
    // What an event says is for the program, as a result is.
    expect([wrong, wrong === 'no JSON in an event' ? [] : canariesIn(...said)]).toEqual([wrong, []]);
  }
});

test.each(['ws', 'wss'])('row 21: what a %s: handshake shows stays secret', async (protocol) => {
  await using server = await startRawHttpServer({
    GET: (exchange) => echoes['HTTP 401']?.(echoOf(exchange))(exchange),
  });
  const address = server.url.replace('http://', `${protocol}://${canary('user')}:${canary('password')}@`);
  const { options, said } = openSinks();
  await useClient(new McpClient(`${address}?key=${canary('query')}`, { ...options, bearer: canary('bearer') }), said);
  expect(canariesIn(...said)).toEqual([]);
});
