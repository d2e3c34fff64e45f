import { describe, expect, test, vi } from 'vitest';
import { HandTransport } from '../test-support/hand-transport.ts';
import { refusal, scriptedServer, silence, type Script, type ScriptedServer } from '../test-support/scripted-server.ts';
import type { ClientOptions } from './client-options.ts';
import { McpClient } from './client.ts';
import { connect } from './connect.ts';
import { DeliveryUnknownError, ProtocolError, SessionLostError } from './errors.ts';
import type { Report } from './protocol/report.ts';

function clientOf(
  script: Script,
  options: ClientOptions = {},
): { client: McpClient; server: ScriptedServer; reports: Report[] } {
  const server = scriptedServer(script);
  const reports: Report[] = [];
  const client = new McpClient(server.open, { onReport: (report) => reports.push(report), ...options });
  return { client, server, reports };
}

const schema = { type: 'object' };
const tool = (name: string, fields: object = {}): object => ({ name, inputSchema: schema, ...fields });
const said = (text: string, fields: object = {}): object => ({ content: [{ type: 'text', text }], ...fields });

function counted(server: ScriptedServer, method: string): number {
  return server.methods().filter((each) => each === method).length;
}

describe('a list', () => {
  test('is walked to its end, past an empty cursor', async () => {
    const pages: Record<string, object> = {
      first: { tools: [tool('a')], nextCursor: '' },
      '': { tools: [tool('b')], nextCursor: 'last' },
      last: { tools: null, nextCursor: null },
    };
    const { client, server } = clientOf({ answers: { 'tools/list': ({ cursor = 'first' }) => pages[String(cursor)] } });
    expect((await client.listTools()).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(server.received.slice(-3).map(({ params }) => params)).toEqual([{}, { cursor: '' }, { cursor: 'last' }]);
  });

  test('whose cursor comes twice is an error', async () => {
    const { client } = clientOf({ answers: { 'prompts/list': () => ({ prompts: [], nextCursor: 'same' }) } });
    await expect(client.listPrompts()).rejects.toMatchObject({ code: 'invalid-response' });
  });

  test('keeps what can be used, and reports the rest; strict, it fails', async () => {
    const answers = { 'tools/list': () => ({ tools: [tool('a'), {}, { name: 'c' }] }) };
    const { client, reports } = clientOf({ answers });
    expect((await client.listTools()).map(({ name }) => name)).toEqual(['a', 'c']);
    expect(reports.map(({ kind }) => kind)).toEqual(['dropped', 'repaired']);
    const strict = clientOf({ answers }, { strict: true });
    await expect(strict.client.listTools()).rejects.toMatchObject({ code: 'invalid-response' });
  });
});

describe('an answer that may be used again', () => {
  const cached = (ttlMs: unknown): Script => ({
    era: 'modern',
    answers: {
      'tools/list': () => ({ tools: [tool('a')], ttlMs }),
      'resources/read': ({ uri }) => ({ contents: [{ uri, text: String(uri) }], ttlMs }),
    },
  });

  test('is not asked for again, unless a fresh one is wanted', async () => {
    const { client, server } = clientOf(cached(60_000));
    for (let time = 0; time < 3; time++) expect(await client.listTools()).toHaveLength(1);
    expect(counted(server, 'tools/list')).toBe(1);
    await client.listTools({ fresh: true });
    expect(counted(server, 'tools/list')).toBe(2);
    expect([await client.getResource('a'), await client.getResource('b'), await client.getResource('a')]).toEqual([
      'a',
      'b',
      'a',
    ]);
    expect(counted(server, 'resources/read')).toBe(2);
  });

  test('is asked for again after the server told of a change', async () => {
    const { client, server } = clientOf(cached(60_000));
    await Promise.all([client.listTools(), client.readResource('a')]);
    await server.connections[0]?.peer.notify('notifications/tools/list_changed');
    await vi.waitFor(async () => {
      await Promise.all([client.listTools(), client.readResource('a')]);
      expect(counted(server, 'tools/list')).toBe(2);
    });
    expect(counted(server, 'resources/read')).toBe(1);
  });

  test.each([
    ['without a time', cached(undefined)],
    ['for no time', cached(0)],
    ['of the legacy era', { ...cached(60_000), era: 'legacy' as const }],
  ])('%s is asked for each time', async (_title, script) => {
    const { client, server } = clientOf(script);
    for (let time = 0; time < 3; time++) await client.listTools();
    expect(counted(server, 'tools/list')).toBe(3);
  });

  test('is not one that needed input', async () => {
    const { client, server } = clientOf({
      era: 'modern',
      answers: {
        'resources/read': ({ requestState }) =>
          requestState === undefined
            ? { resultType: 'input_required', requestState: 's', ttlMs: 60_000 }
            : { contents: [{ uri: 'a', text: 'a' }], ttlMs: 60_000 },
      },
    });
    for (let time = 0; time < 2; time++) expect(await client.getResource('a')).toBe('a');
    expect(counted(server, 'resources/read')).toBe(4);
  });
});

describe('a tool', () => {
  test('is called by its name, and its result can be read', async () => {
    const { client, server } = clientOf({ answers: { 'tools/call': () => said('{"n":1}') } });
    const result = await client.callTool('add', { a: 1 });
    expect([result.text(), result.json(), result.isError]).toEqual(['{"n":1}', { n: 1 }, false]);
    expect(server.received.at(-1)?.params).toMatchObject({ name: 'add', arguments: { a: 1 } });
    await client.callTool('add');
    expect(server.received.at(-1)?.params).toMatchObject({ name: 'add', arguments: {} });
  });

  test('tells its progress', async () => {
    const { client } = clientOf({
      answers: {
        'tools/call': async ({ _meta }, { connection }) => {
          const { progressToken } = _meta as { progressToken: number };
          await connection.peer.notify('notifications/progress', { progressToken, progress: 1, total: 2 });
          return said('done');
        },
      },
    });
    const steps: unknown[] = [];
    await client.callTool('slow', {}, { onProgress: (step) => steps.push(step) });
    expect(steps).toMatchObject([{ progress: 1, total: 2 }]);
  });

  test('that fails answers so, or throws where that is wanted', async () => {
    const answers = { 'tools/call': () => said('no such file', { isError: true }) };
    const { client } = clientOf({ answers });
    expect(await client.callTool('read')).toMatchObject({ isError: true });
    const throwing = clientOf({ answers }, { throwOnToolError: true });
    await expect(throwing.client.callTool('read')).rejects.toMatchObject({
      code: 'tool-error',
      message: 'read failed: no such file',
    });
  });

  test('whose result breaks its outputSchema keeps it, and is reported; strict, it fails', async () => {
    const answers: Script['answers'] = {
      'tools/list': () => ({ tools: [tool('a', { outputSchema: { type: 'object', required: ['n'] } })] }),
      'tools/call': () => said('one', { structuredContent: { m: 1 } }),
    };
    const { client, reports } = clientOf({ answers });
    await client.listTools();
    expect((await client.callTool('a')).structured).toEqual({ m: 1 });
    expect(reports).toMatchObject([{ kind: 'schema-violation', message: expect.stringContaining('tools/call a') }]);
    const strict = clientOf({ answers }, { strict: true });
    await strict.client.listTools();
    await expect(strict.client.callTool('a')).rejects.toMatchObject({ code: 'invalid-response' });
  });
});

describe('arguments that are repeated as headers', () => {
  const region = { type: 'string', 'x-mcp-header': 'Region' };
  const listed = (header: unknown): NonNullable<Script['answers']> => ({
    'tools/list': () => ({
      tools: [tool('a', { inputSchema: { ...schema, properties: { region: { ...region, 'x-mcp-header': header } } } })],
    }),
    'tools/call': () => said('ok'),
  });

  test('go with the call once the tool is known', async () => {
    const { client, server } = clientOf({ era: 'modern', hasStreams: true, answers: listed('Region') });
    await client.callTool('a', { region: 'eu' });
    expect(server.received.at(-1)?.options.headers).toBeUndefined();
    await client.listTools();
    await client.callTool('a', { region: 'eu' }, { headers: { 'x-mine': 'yes' } });
    expect(server.received.at(-1)?.options.headers).toEqual({ 'mcp-param-region': 'eu', 'x-mine': 'yes' });
  });

  test('in a way that is not valid leave their tool out', async () => {
    const { client, reports } = clientOf({ era: 'modern', hasStreams: true, answers: listed('no good') });
    expect(await client.listTools()).toEqual([]);
    expect(reports).toMatchObject([{ kind: 'dropped', message: expect.stringContaining('tool a is left out') }]);
  });

  test.each<Script>([
    { era: 'legacy', hasStreams: true },
    { era: 'modern', hasStreams: false },
  ])('mean nothing on %j', async (script) => {
    const { client, server } = clientOf({ ...script, answers: listed('no good') });
    expect(await client.listTools()).toHaveLength(1);
    await client.callTool('a', { region: 'eu' });
    expect(server.received.at(-1)?.options.headers ?? {}).toEqual({});
  });

  test('are read again, and the call made once more, when the server finds them wrong', async () => {
    let calls = 0;
    const { client, server } = clientOf({
      era: 'modern',
      hasStreams: true,
      answers: {
        ...listed('Region'),
        'tools/call': () => {
          if (calls++ === 0) throw new ProtocolError('header mismatch', { rpcCode: -32020 });
          return said('ok');
        },
      },
    });
    expect((await client.callTool('a', { region: 'eu' })).text()).toBe('ok');
    expect(server.methods()).toEqual(['server/discover', 'tools/call', 'tools/list', 'tools/call']);
    expect(server.received.at(-1)?.options.headers).toEqual({ 'mcp-param-region': 'eu' });
  });

  test('are not read again and again', async () => {
    const { client, server } = clientOf({
      era: 'modern',
      hasStreams: true,
      answers: { ...listed('Region'), 'tools/call': refusal(-32020) },
    });
    await expect(client.callTool('a')).rejects.toMatchObject({ rpcCode: -32020 });
    expect(counted(server, 'tools/call')).toBe(2);
  });
});

describe('the other verbs', () => {
  const answers: Script['answers'] = {
    'resources/list': () => ({ resources: [{ uri: 'a', name: 'a' }] }),
    'resources/templates/list': () => ({ resourceTemplates: [{ uriTemplate: '{a}', name: 'a' }] }),
    'resources/read': () => ({ contents: [{ uri: 'a', mimeType: 'application/json', text: '{"n":1}' }] }),
    'prompts/list': () => ({ prompts: [{ name: 'greet' }] }),
    'prompts/get': () => ({ messages: [{ role: 'user', content: { type: 'text', text: 'hi' } }] }),
    'completion/complete': () => ({ completion: { values: ['a', 'b'] } }),
    'vendor/thing': () => ({ anything: [1] }),
    'vendor/odd': () => 7,
  };

  test.each<[string, (client: McpClient) => Promise<unknown>, unknown, object]>([
    ['resources/list', (client) => client.listResources(), [{ uri: 'a', name: 'a' }], {}],
    ['resources/templates/list', (client) => client.listResourceTemplates(), [{ uriTemplate: '{a}', name: 'a' }], {}],
    ['resources/read', (client) => client.getResource('a'), { n: 1 }, { uri: 'a' }],
    ['prompts/list', (client) => client.listPrompts(), [{ name: 'greet' }], {}],
    [
      'prompts/get',
      (client) => client.getPrompt('greet', { who: 'me' }),
      { messages: [{ role: 'user', content: { type: 'text', text: 'hi' } }] },
      { name: 'greet', arguments: { who: 'me' } },
    ],
    [
      'completion/complete',
      (client) =>
        client.complete({ type: 'ref/prompt', name: 'greet' }, { name: 'who', value: 'm' }, { context: { x: 'y' } }),
      { values: ['a', 'b'] },
      {
        ref: { type: 'ref/prompt', name: 'greet' },
        argument: { name: 'who', value: 'm' },
        context: { arguments: { x: 'y' } },
      },
    ],
    ['vendor/thing', (client) => client.request('vendor/thing', { x: 1 }), { anything: [1] }, { x: 1 }],
    ['ping', (client) => client.ping(), undefined, {}],
  ])('%s', async (method, use, expected, params) => {
    const { client, server } = clientOf({ answers });
    expect(await use(client)).toEqual(expected);
    expect(server.received.at(-1)).toMatchObject({ method, params });
  });

  test('an answer that is no object is none', async () => {
    const { client } = clientOf({ answers });
    await expect(client.request('vendor/odd')).rejects.toMatchObject({ code: 'invalid-response' });
  });

  test('ping asks the modern era what it is', async () => {
    const { client, server } = clientOf({ era: 'modern' });
    await client.ping();
    expect(server.methods()).toEqual(['server/discover', 'server/discover']);
  });
});

describe('the log level', () => {
  test('is told once to the legacy era, and again to each new session', async () => {
    const { client, server } = clientOf({
      hasStreams: true,
      answers: { 'logging/setLevel': () => ({}), 'tools/call': () => said('ok') },
      refuse: ({ method }, connection) =>
        connection === 1 && method === 'tools/call' ? new SessionLostError('forgotten') : undefined,
    });
    await client.setLogLevel('warning');
    await client.callTool('a');
    expect(server.received.filter(({ method }) => method === 'logging/setLevel')).toMatchObject([
      { connection: 1, params: { level: 'warning' } },
      { connection: 2, params: { level: 'warning' } },
    ]);
  });

  test('goes with every request of the modern era', async () => {
    const { client, server } = clientOf({ era: 'modern', answers: { 'tools/call': () => said('ok') } });
    await client.setLogLevel('warning');
    await client.callTool('a');
    expect(server.methods()).toEqual(['server/discover', 'tools/call']);
    expect(server.received.at(-1)?.params).toMatchObject({ _meta: { 'io.modelcontextprotocol/logLevel': 'warning' } });
  });
});

test('notifications reach those who want them', async () => {
  const [logs, all]: [unknown[], unknown[]] = [[], []];
  const { client, server } = clientOf(
    {},
    { onLog: (message) => logs.push(message), onNotification: (method, params) => all.push([method, params]) },
  );
  await client.connect();
  const peer = server.connections[0]?.peer;
  await peer?.notify('notifications/message', { level: 'info', data: 'hello' });
  await peer?.notify('notifications/vendor', { x: 1 });
  await vi.waitFor(() => expect(all).toHaveLength(2));
  expect(logs).toEqual([{ level: 'info', data: 'hello' }]);
  expect(all).toEqual([
    ['notifications/message', { level: 'info', data: 'hello' }],
    ['notifications/vendor', { x: 1 }],
  ]);
});

test('a report that throws disturbs nothing', async () => {
  const transport = new HandTransport();
  const reports: string[] = [];
  const connecting = connect(transport, {
    protocolVersion: '2025-11-25',
    onReport: ({ kind }) => {
      reports.push(kind);
      throw new Error('mine');
    },
  });
  await vi.waitFor(() => expect(transport.messages).toHaveLength(1));
  expect(() => transport.receive('odd')).not.toThrow();
  expect(() => transport.onerror?.(new Error('odd'))).not.toThrow();
  transport.answer(1, { protocolVersion: '2025-11-25' });
  const client = await connecting;
  const listed = client.listTools();
  await vi.waitFor(() => expect(transport.messages).toHaveLength(3));
  transport.answer(2, { tools: null });
  expect(await listed).toEqual([]);
  expect(() => transport.onclose?.()).not.toThrow();
  expect(reports).toEqual(['ignored-message', 'transport-error', 'repaired', 'transport-error']);
});

test('handlers are announced, and answer the server', async () => {
  const { client, server } = clientOf(
    {},
    { handlers: { roots: [{ uri: 'file:///a' }] }, capabilities: { experimental: {} } },
  );
  await client.connect();
  expect(server.received[1]?.params).toMatchObject({ capabilities: { roots: {}, experimental: {} } });
  const limits = { timeoutMs: 1000, maxTotalMs: 1000 };
  const answer = await server.connections[0]?.peer.request('roots/list', {}, limits);
  expect(answer).toEqual({ roots: [{ uri: 'file:///a' }] });
});

test('interceptors see every call, and may make it again', async () => {
  let calls = 0;
  const seen: string[] = [];
  const { client } = clientOf(
    {
      answers: {
        'tools/call': () => {
          if (calls++ === 0) throw new ProtocolError('busy', { rpcCode: -32000 });
          return said('ok');
        },
        'tools/list': () => ({ tools: [] }),
      },
    },
    {
      interceptors: [
        (next) => (request) => {
          seen.push(request.method);
          return next(request);
        },
        (next) => async (request) => {
          try {
            return await next(request);
          } catch {
            return next(request);
          }
        },
      ],
    },
  );
  expect((await client.callTool('a')).text()).toBe('ok');
  await client.listTools();
  expect(seen).toEqual(['tools/call', 'tools/list']);
  expect(calls).toBe(2);
});

describe('an abort while the connection is made', () => {
  test.each<[string, (client: McpClient, signal: AbortSignal) => Promise<unknown>]>([
    ['callTool', (client, signal) => client.callTool('a', {}, { signal })],
    ['listTools', (client, signal) => client.listTools({ signal })],
    ['ping', (client, signal) => client.ping({ signal })],
    ['setLogLevel', (client, signal) => client.setLogLevel('info', { signal })],
  ])('ends %s at once', async (_verb, use) => {
    const { client } = clientOf({ answers: { 'server/discover': silence, initialize: silence } });
    const controller = new AbortController();
    const aborted = expect(use(client, controller.signal)).rejects.toBe('enough');
    controller.abort('enough');
    await aborted;
    await client.close();
  });
});

describe('a client', () => {
  test('connects on first use, and tells who the server is', async () => {
    const { client, server } = clientOf({});
    expect(client.server).toBeUndefined();
    expect(server.connections).toHaveLength(0);
    expect(await client.connect()).toMatchObject({ name: 'scripted', protocolVersion: '2025-11-25' });
    expect(client.server).toMatchObject({ name: 'scripted' });
  });

  test('that connect() gives is connected; one that it cannot give is closed', async () => {
    const good = scriptedServer();
    const client = await connect(good.open);
    expect(client.server).toMatchObject({ name: 'scripted' });
    const bad = scriptedServer({ answers: { initialize: refusal(-32603) } });
    await expect(connect(bad.open)).rejects.toMatchObject({ rpcCode: -32603 });
    expect(bad.connections.map(({ peer }) => peer.closed)).toEqual([true, true, true]);
  });

  test('is closed at the end of its scope', async () => {
    const { client, server } = clientOf({});
    await client.connect();
    await client[Symbol.asyncDispose]();
    await client.close();
    expect(server.connections[0]?.peer.closed).toBe(true);
    await expect(client.listTools()).rejects.toMatchObject({ code: 'connection-closed' });
  });

  test('takes any transport as it is', async () => {
    const transport = new HandTransport();
    const connecting = connect(transport, { protocolVersion: '2025-06-18', clientInfo: { name: 'me', version: '9' } });
    await vi.waitFor(() => expect(transport.messages).toHaveLength(1));
    expect(transport.messages[0]).toMatchObject({
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', clientInfo: { name: 'me', version: '9' } },
    });
    transport.answer(1, { protocolVersion: '2025-03-26' });
    expect((await connecting).server).toMatchObject({ protocolVersion: '2025-03-26' });
  });
});

test('what a trusted server calls read-only or idempotent is sent again, and nothing else', async () => {
  for (const [trustAnnotations, name, expected] of [
    [true, 'reads', 2],
    [true, 'same', 2],
    [true, 'acts', 1],
    [false, 'reads', 1],
  ] as const) {
    let calls = 0;
    const server = scriptedServer({
      answers: {
        'tools/list': () => ({
          tools: [
            { name: 'reads', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } },
            { name: 'same', inputSchema: { type: 'object' }, annotations: { idempotentHint: true } },
            { name: 'acts', inputSchema: { type: 'object' }, annotations: { readOnlyHint: false } },
          ],
        }),
        'tools/call': () => ({ content: [] }),
      },
      hasStreams: true,
      refuse: ({ method }) => (method === 'tools/call' && calls++ === 0 ? new DeliveryUnknownError('cut') : undefined),
    });
    const client = new McpClient(server.open, { trustAnnotations });
    await client.listTools();
    await client.callTool(name).catch(() => {});
    expect([name, calls]).toEqual([name, expected]);
    await client.close();
  }
});
