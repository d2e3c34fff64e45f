import { connect, type ClientOptions, type McpClient, type Report } from '@toolwire/client-core';
import { subscribeEvents } from '@toolwire/client-core/events';
import { describe, expect, test } from 'vitest';
import { startPlainServer, type PlainServer, type PlainServerOptions } from '../servers/plain-server.ts';
import { eventually } from './eventually.ts';

interface Open extends AsyncDisposable {
  readonly server: PlainServer;
  readonly client: McpClient;
  readonly reports: Report[];
}

async function open(
  transport: 'post' | 'rest',
  { client: clientOptions, ...serverOptions }: PlainServerOptions & { client?: ClientOptions } = {},
): Promise<Open> {
  const server = await startPlainServer(serverOptions);
  const reports: Report[] = [];
  const url = transport === 'post' ? `${server.url}/mcp` : server.url;
  const onReport = (report: Report): void => void reports.push(report);
  const client = await connect({ url, transport }, { onReport, ...clientOptions });
  const dispose = async (): Promise<void> => {
    await client.close();
    await server.close();
  };
  return { server, client, reports, [Symbol.asyncDispose]: dispose };
}

const input = { input: 'test data' };

describe.concurrent('JSON-RPC by single POST', () => {
  test.each([{ events: false }, { events: true }])('calls and lists, with one request each: %j', async (how) => {
    await using opened = await open('post', how);
    const { client, server, reports } = opened;
    expect(server.seen.requests).toEqual([]);
    expect((await client.listTools()).map(({ name }) => name)).toEqual(['process_data']);
    expect((await client.callTool('process_data', input)).json()).toEqual({ length: 9 });
    expect(server.seen.requests).toEqual(['POST /mcp', 'POST /mcp']);
    expect(server.seen.bodies.map(({ method }) => method)).toEqual(['tools/list', 'tools/call']);
    expect(server.seen.bodies[1]).toMatchObject({ params: { name: 'process_data', arguments: input } });
    expect(reports).toEqual([]);
  });

  test('names the server by its address, for it says nothing of itself', async () => {
    await using opened = await open('post');
    const { client, server } = opened;
    expect(client.server).toMatchObject({ name: `${server.url}/mcp`, version: 'unknown', capabilities: {} });
  });

  test('sends a bearer token, and says which header was refused', async () => {
    await using server = await startPlainServer({ token: 't' });
    const target = { url: `${server.url}/mcp`, transport: 'post' } as const;
    await using good = await connect({ ...target, headers: { Authorization: 'Bearer t' } });
    expect(await good.listTools()).toHaveLength(1);
    await using bad = await connect({ ...target, headers: { Authorization: 'Bearer secret' } });
    await expect(bad.listTools()).rejects.toMatchObject({
      code: 'unauthorized',
      header: 'authorization',
      message: expect.not.stringContaining('secret') as string,
    });
  });

  test('fails as the server says, and is sent again where it only reads', async () => {
    await using opened = await open('post');
    const { client, server } = opened;
    await expect(client.callTool('no_such_tool')).rejects.toMatchObject({ rpcCode: -32_601 });
    await expect(client.readResource('config://settings')).rejects.toMatchObject({ rpcCode: -32_601 });
    await client.listTools();
    server.cut();
    expect(await client.listTools()).toHaveLength(1);
  });

  test('aborts a call by ending its request, and sends no notification', async () => {
    await using opened = await open('post');
    const controller = new AbortController();
    const reason = new Error('no longer needed');
    const call = opened.client.callTool('process_data', input, { signal: controller.signal });
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(await opened.client.listTools()).toHaveLength(1);
    expect(opened.server.seen.bodies.filter(({ id }) => id === undefined)).toEqual([]);
  });
});

describe.concurrent('REST', () => {
  test.each(['list', 'object', 'rpc'] as const)('lists the tools of GET /tools, wrapped as %s', async (toolsAs) => {
    await using opened = await open('rest', { toolsAs });
    const [tool] = await opened.client.listTools();
    expect(tool).toMatchObject({ name: 'process_data', inputSchema: { required: ['input'] } });
    expect(opened.server.seen.requests).toEqual(['GET /tools']);
    expect(opened.reports).toEqual([]);
  });

  test.each([
    ['result', '9 letters', { length: 9 }],
    ['rpc', '9 letters', { length: 9 }],
    ['value', '{"length":9}', { length: 9 }],
    ['text', '9 letters', undefined],
  ] as const)('calls a tool by POST /tools/call, answered as %s', async (resultAs, text, structured) => {
    await using opened = await open('rest', { resultAs });
    const result = await opened.client.callTool('process_data', input);
    expect(result.text()).toBe(text);
    expect(result.structured).toEqual(structured);
    expect(opened.server.seen.requests).toEqual(['POST /tools/call']);
    expect(opened.server.seen.bodies).toEqual([{ name: 'process_data', arguments: input }]);
  });

  test('sends nothing that a REST server has no place for', async () => {
    await using opened = await open('rest');
    const { client, server } = opened;
    const refused = { code: 'unsupported-capability', delivered: 'no' };
    await expect(client.listResources()).rejects.toMatchObject(refused);
    await expect(client.getPrompt('hello')).rejects.toMatchObject(refused);
    await expect(client.ping()).rejects.toMatchObject(refused);
    expect(server.seen.requests).toEqual([]);
  });

  test('fails with what the server answers', async () => {
    await using opened = await open('rest', { token: 't', client: { headers: { Authorization: 'Bearer t' } } });
    await expect(opened.client.callTool('no_such_tool')).rejects.toMatchObject({
      code: 'http-error',
      status: 404,
      body: '{"error":"Tool no_such_tool not found"}',
    });
  });
});

describe.concurrent('the stream of events', () => {
  test('goes on after the last event when it is cut, and over a restart, until the server says that it is over', async () => {
    await using first = await startPlainServer();
    await using events = subscribeEvents(`${first.url}/mcp/stream`);
    const got: unknown[] = [];
    const loop = (async () => {
      for await (const { type, id, json } of events) got.push([type, id, json()]);
    })();
    const publishUntilSeen = async (server: PlainServer, event: string): Promise<void> => {
      await eventually(() => expect(server.seen.requests).toContain('GET /mcp/stream'));
      server.publish({ event });
    };
    await publishUntilSeen(first, 'one');
    await eventually(() => expect(got).toHaveLength(1));
    first.cut();
    first.publish({ event: 'two' });
    first.publish({ event: 'three' });
    await eventually(() => expect(got).toHaveLength(3));
    expect(got).toEqual([
      ['tool_executed', '1', { event: 'one' }],
      ['tool_executed', '2', { event: 'two' }],
      ['tool_executed', '3', { event: 'three' }],
    ]);
    await first.close();
    await using second = await startPlainServer({ port: Number(new URL(first.url).port) });
    for (const event of ['1', '2', '3', 'four']) second.publish({ event });
    await eventually(() => expect(got).toHaveLength(4));
    second.endStreams(true);
    await loop;
    expect(got.at(-1)).toEqual(['tool_executed', '4', { event: 'four' }]);
  });

  test('needs the credential of the server', async () => {
    await using server = await startPlainServer({ token: 't' });
    const read = async (headers: Record<string, string>): Promise<unknown> => {
      for await (const event of subscribeEvents(`${server.url}/mcp/stream`, { headers })) return event.json();
      return undefined;
    };
    await expect(read({ Authorization: 'Bearer wrong' })).rejects.toMatchObject({ code: 'unauthorized', status: 401 });
    const reading = read({ Authorization: 'Bearer t' });
    await eventually(() => expect(server.seen.requests).toHaveLength(2));
    server.publish({ event: 'tool_executed' });
    expect(await reading).toEqual({ event: 'tool_executed' });
  });
});
