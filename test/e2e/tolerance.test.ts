import { McpClient, type ClientOptions, type Report, type Target } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { startRawHttpServer, type Answer } from '../servers/raw-http-server.ts';
import { rawStdioServer } from '../servers/launch.ts';

/** What a real server got wrong: its answer word for word, with `"$id"` where the request's id goes. */
interface Oddity {
  name: string;
  answers: Record<string, unknown>;
  /** What the caller gets of it. */
  ask(client: McpClient): Promise<unknown>;
  expected: unknown;
  /** What is reported, where the design promises a report. */
  reported?: Partial<Report>;
}

const result = (value: unknown): unknown => ({ jsonrpc: '2.0', id: '$id', result: value });
const okay = result({ content: [{ type: 'text', text: 'okay' }] });
const good = { name: 'good', inputSchema: { type: 'object' } };
const toolNames = async (client: McpClient): Promise<string[]> => (await client.listTools()).map(({ name }) => name);
const callText = async (client: McpClient): Promise<string> => (await client.callTool('good')).text();
const failure = async (client: McpClient): Promise<unknown> =>
  client.callTool('good').then(
    () => 'no error',
    (error: unknown) => error,
  );

const oddities: Oddity[] = [
  {
    name: 'a list that is null',
    answers: { 'tools/list': result({ tools: null }) },
    ask: toolNames,
    expected: [],
    reported: { kind: 'repaired', message: expect.stringContaining('tools') as string },
  },
  {
    name: 'a list of prompts that is missing',
    answers: { 'prompts/list': result({}) },
    ask: (client) => client.listPrompts(),
    expected: [],
    reported: { kind: 'repaired' },
  },
  ...[{ description: 'nameless' }, 'a string', null, 7, { name: 5 }].map((item) => ({
    name: `one malformed tool: ${JSON.stringify(item)}`,
    answers: { 'tools/list': result({ tools: [good, item, { ...good, name: 'better' }] }) },
    ask: toolNames,
    expected: ['good', 'better'],
    reported: { kind: 'dropped' as const, message: expect.stringContaining('tools[1]') as string, detail: item },
  })),
  ...[
    { description: null },
    { title: 5 },
    { annotations: null },
    { inputSchema: undefined },
    { inputSchema: { properties: {} } },
    { outputSchema: 'none' },
  ].map((fault) => ({
    name: `a tool with an odd field: ${JSON.stringify(fault)}`,
    answers: { 'tools/list': result({ tools: [{ ...good, ...fault }] }) },
    ask: async (client: McpClient) => (await client.listTools())[0]?.inputSchema.type,
    expected: 'object',
    reported: { kind: 'repaired' as const, message: expect.stringContaining('good') as string },
  })),
  {
    name: 'an unknown content type',
    answers: {
      'tools/call': result({
        content: [
          { type: 'hologram', beam: 1 },
          { type: 'text', text: 'okay' },
        ],
      }),
    },
    ask: async (client) => {
      const called = await client.callTool('good');
      return [called.text(), called.content];
    },
    expected: [
      'okay',
      [
        { type: 'hologram', beam: 1 },
        { type: 'text', text: 'okay' },
      ],
    ],
  },
  {
    name: 'text that is null',
    answers: {
      'tools/call': result({
        content: [
          { type: 'text', text: null },
          { type: 'text', text: 'okay' },
        ],
      }),
    },
    ask: callText,
    expected: '\nokay',
    reported: { kind: 'repaired' },
  },
  {
    name: 'isError that is null',
    answers: { 'tools/call': result({ content: [{ type: 'text', text: 'okay' }], isError: null }) },
    ask: async (client) => (await client.callTool('good')).isError,
    expected: false,
    reported: { kind: 'repaired' },
  },
  {
    name: 'content that is missing',
    answers: { 'tools/call': result({}) },
    ask: callText,
    expected: '',
    reported: { kind: 'repaired' },
  },
  {
    name: 'structuredContent that breaks its outputSchema',
    answers: {
      'tools/list': result({
        tools: [
          { ...good, outputSchema: { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] } },
        ],
      }),
      'tools/call': result({ content: [], structuredContent: { sum: 'five' } }),
    },
    ask: async (client) => {
      await client.listTools();
      return (await client.callTool('good')).structured;
    },
    expected: { sum: 'five' },
    reported: { kind: 'schema-violation', message: expect.stringContaining('sum') as string },
  },
  {
    name: 'an id that comes back as a string',
    answers: { 'tools/call': { ...(okay as object), id: '"$id"' } },
    ask: callText,
    expected: 'okay',
  },
  ...[{ id: null }, {}, { id: 'server-error' }].map((id) => ({
    name: `an error with ${'id' in id ? `the id ${JSON.stringify(id.id)}` : 'no id'}`,
    answers: { 'tools/call': { jsonrpc: '2.0', ...id, error: { code: -32_603, message: 'out of order' } } },
    ask: failure,
    expected: expect.objectContaining({ code: 'protocol-error', rpcCode: -32_603 }) as unknown,
  })),
  {
    name: 'a batch',
    answers: {
      'tools/call': [{ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 1 } }, okay],
    },
    ask: callText,
    expected: 'okay',
  },
  {
    name: 'keys beside the result',
    answers: { 'tools/call': { ...(okay as object), error: null, took: '3ms' } },
    ask: callText,
    expected: 'okay',
  },
];

interface Wire {
  wire: string;
  readonly open: (answers: Record<string, unknown>) => Promise<AsyncDisposable & { target: Target }>;
}

/** `"$id"` as the request's id, and `'"$id"'` (quoted twice) as a string of it. */
function withId(answer: unknown, id: unknown): string {
  const text = JSON.stringify(answer);
  return text.replaceAll(String.raw`"\"$id\""`, `"${String(id)}"`).replaceAll('"$id"', JSON.stringify(id));
}

function overHttp(answer: (body: string) => Answer): Wire['open'] {
  return async (answers) => {
    const entries = Object.entries(answers).map(([method, value]) => {
      const answered: Answer = (exchange) => answer(withId(value, exchange.message.id))(exchange);
      return [method, answered] as const;
    });
    const server = await startRawHttpServer(Object.fromEntries(entries));
    return { target: server.url, [Symbol.asyncDispose]: () => server.close() };
  };
}

const wires: Wire[] = [
  {
    wire: 'stdio',
    open: async (answers) => ({ target: rawStdioServer(answers), [Symbol.asyncDispose]: () => Promise.resolve() }),
  },
  {
    wire: 'HTTP, JSON',
    open: overHttp(
      (body) =>
        ({ json }) =>
          json(body),
    ),
  },
  {
    wire: 'HTTP, events',
    open: overHttp(
      (body) =>
        ({ response }) =>
          void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${body}\n\n`),
    ),
  },
];

describe.concurrent.each(wires)('over $wire', ({ open }) => {
  async function withClient<T>(
    oddity: Oddity,
    options: ClientOptions,
    use: (client: McpClient) => Promise<T>,
  ): Promise<T> {
    await using server = await open(oddity.answers);
    const settings: ClientOptions = { protocolVersion: '2025-11-25', timeoutMs: 5000, ...options };
    await using client = new McpClient(server.target, settings);
    return await use(client);
  }

  test.each(oddities)('understands $name', async (oddity) => {
    const reports: Report[] = [];
    const onReport = (report: Report): void => void reports.push(report);
    const answer = await withClient(oddity, { onReport }, (client) => oddity.ask(client));
    expect(answer).toEqual(oddity.expected);
    if (oddity.reported !== undefined) expect(reports).toContainEqual(expect.objectContaining(oddity.reported));
  });

  test.each(oddities)('strict: refuses $name', async (oddity) => {
    const outcome = await withClient(oddity, { strict: true }, (client) =>
      oddity.ask(client).catch((error: unknown) => error),
    );
    expect(outcome).toMatchObject({ code: 'invalid-response' });
  });
});
