import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client, type ClientOptions } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, describe, expect, test } from 'vitest';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n';

async function connect(options: ClientOptions, flags: string[] = []): Promise<Client> {
  const client = new Client({ name: 'test', version: '0' }, options);
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [main, ...flags] }));
  return client;
}

describe.each([
  ['2025-11-25', {}],
  ['2026-07-28', { versionNegotiation: { mode: { pin: '2026-07-28' } } }],
])('a client of %s', async (revision, options) => {
  const client = await connect(options);
  afterAll(() => client.close());

  const call = (name: string, args: Record<string, unknown> = {}) => client.callTool({ name, arguments: args });
  const query = (sql: string) => call('execute_sql_query', { sql });

  test('is served in its own revision', () => {
    expect(client.getNegotiatedProtocolVersion()).toBe(revision);
    expect(client.getServerVersion()?.name).toBe('toolwire-demo');
  });

  test('lists four tools, all reading', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'list_tables',
      'get_table_schema',
      'execute_sql_query',
      'count_slowly',
    ]);
    expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
  });

  test('sees the tables', async () => {
    const result = await call('list_tables');
    expect(result.structuredContent).toEqual({
      tables: [
        { name: 'orders', row_count: 20 },
        { name: 'users', row_count: 8 },
      ],
    });
    expect(result.content).toEqual([{ type: 'text', text: 'table   rows\n------  ----\norders  20\nusers   8' }]);
  });

  test('sees the columns of a table, whatever the case of its name', async () => {
    const result = await call('get_table_schema', { table_name: 'Orders' });
    expect(result.structuredContent).toMatchObject({
      table: 'orders',
      columns: expect.arrayContaining([
        { name: 'id', type: 'INTEGER', nullable: false, primary_key: true, default: null, references: null },
        {
          name: 'user_id',
          type: 'INTEGER',
          nullable: false,
          primary_key: false,
          default: null,
          references: 'users.id',
        },
        { name: 'quantity', type: 'INTEGER', nullable: false, primary_key: false, default: '1', references: null },
        { name: 'shipped_on', type: 'TEXT', nullable: true, primary_key: false, default: null, references: null },
      ]),
    });
  });

  test('reads a count as easily as a program does', async () => {
    const result = await query('SELECT COUNT(*) FROM users');
    expect(result.content).toEqual([{ type: 'text', text: 'COUNT(*)\n--------\n8\n(1 row)' }]);
    expect(result.structuredContent).toEqual({
      columns: ['COUNT(*)'],
      rows: [[8]],
      row_count: 1,
      truncated: false,
      changed_rows: 0,
    });
  });

  test('is told when rows are left out', async () => {
    const result = await query('SELECT 1 FROM orders a, orders b, orders c');
    expect(result.structuredContent).toMatchObject({ row_count: 1_000, truncated: true });
    expect(JSON.stringify(result.content)).toContain('(only the first 1,000 rows; narrow the query');
  });

  test.each([
    ['execute_sql_query', { sql: 'DELETE FROM users' }, 'This server is read-only'],
    ['execute_sql_query', { sql: 'SELECT * FROM user' }, 'no such table: user. Tables: orders, users.'],
    ['get_table_schema', { table_name: 'user' }, 'There is no table "user". Tables: orders, users.'],
    ['get_table_schema', {}, 'table_name'],
    ['count_slowly', { steps: 0 }, 'steps'],
  ])('gets an error result from %s with %j', async (name, args, message) => {
    const result = await call(name, args);
    expect(result.isError).toBe(true);
    expect(result.content).toEqual([{ type: 'text', text: expect.stringContaining(message) }]);
  });

  test('follows the progress of a long call', async () => {
    const seen: number[] = [];
    const result = await client.callTool(
      { name: 'count_slowly', arguments: { steps: 3, delay_ms: 100 } },
      { onprogress: ({ progress }) => seen.push(progress) },
    );
    expect(seen).toEqual([1, 2, 3]);
    expect(result.structuredContent).toMatchObject({ counted: 3 });
  });

  test('can cancel a query that would never end', async () => {
    const caller = new AbortController();
    const endlessCall = client.callTool(
      { name: 'execute_sql_query', arguments: { sql: endless } },
      { signal: caller.signal },
    );
    const started = performance.now();
    caller.abort();
    await expect(endlessCall).rejects.toThrow();
    expect((await query('SELECT 1')).isError).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(4_500); // the server alone would let it run for 5 s
  });

  test('lists and reads the resources', async () => {
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(['demo://about', 'demo://tables/orders', 'demo://tables/users']);
    const about = await client.readResource({ uri: 'demo://about' });
    expect(about.contents).toMatchObject([
      { mimeType: 'text/markdown', text: expect.stringContaining('count_slowly') },
    ]);
  });

  test('reads a table through the template', async () => {
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(['demo://tables/{table_name}']);
    const { contents } = await client.readResource({ uri: 'demo://tables/users' });
    const [content] = contents;
    const rows: unknown[] = JSON.parse(content !== undefined && 'text' in content ? content.text : '');
    expect(rows).toHaveLength(8);
    expect(rows[0]).toMatchObject({ id: 1, name: 'Ada Moreau' });
  });

  test('hears which tables exist when it reads one that does not', async () => {
    await expect(client.readResource({ uri: 'demo://tables/user' })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('Tables: orders, users.'),
      data: { uri: 'demo://tables/user' },
    });
  });

  test('gets a prompt about a table', async () => {
    const { messages } = await client.getPrompt({ name: 'explore_table', arguments: { table_name: 'orders' } });
    expect(messages).toMatchObject([{ role: 'user', content: { text: expect.stringContaining('unit_price') } }]);
    await expect(client.getPrompt({ name: 'explore_table', arguments: { table_name: 'x' } })).rejects.toThrow(
      'Tables: orders, users.',
    );
  });

  test.each([
    { type: 'ref/prompt' as const, name: 'explore_table' },
    { type: 'ref/resource' as const, uri: 'demo://tables/{table_name}' },
  ])('completes table names for $type', async (ref) => {
    const { completion } = await client.complete({ ref, argument: { name: 'table_name', value: 'U' } });
    expect(completion.values).toEqual(['users']);
  });
});

describe('with --writable', () => {
  test('changes last as long as the process, and the tool says that it writes', async () => {
    const client = await connect({}, ['--writable']);
    try {
      const { tools } = await client.listTools();
      const tool = tools.find(({ name }) => name === 'execute_sql_query');
      expect(tool?.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: true });
      const sql = "UPDATE users SET city = 'Nice' WHERE id < 3";
      const changed = await client.callTool({ name: 'execute_sql_query', arguments: { sql } });
      expect(changed.content).toEqual([{ type: 'text', text: 'Done: 2 rows changed, in memory only.' }]);
      const rows = await client.readResource({ uri: 'demo://tables/users' });
      expect(JSON.stringify(rows)).toContain('Nice');
    } finally {
      await client.close();
    }
  });
});

describe('the process', () => {
  const run = promisify(execFile);

  test('shows help and version, and says what is wrong with a flag', async () => {
    expect((await run(process.execPath, [main, '--help'])).stdout).toContain('Usage: toolwire-demo-server');
    expect((await run(process.execPath, [main, '--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    await expect(run(process.execPath, [main, '--wriatble'])).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'toolwire-demo-server: unknown argument --wriatble; it takes --writable, --help, --version\n',
    });
  });

  test('goes quiet after a cancellation, and exits when stdin ends in the middle of calls', async () => {
    const child = spawn(process.execPath, [main], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const receive = async () => JSON.parse(String((await lines.next()).value));
    const count = { name: 'count_slowly', arguments: { steps: 1_000, delay_ms: 40 }, _meta: { progressToken: 'p' } };
    const clientInfo = { name: 'test', version: '0' };

    send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo } });
    expect(await receive()).toMatchObject({ id: 1, result: { protocolVersion: '2025-06-18' } });
    send({ method: 'notifications/initialized' });
    send({ id: 2, method: 'tools/call', params: count });
    const progress = { progressToken: 'p', progress: 1, total: 1_000, message: '1 of 1000' };
    expect(await receive()).toMatchObject({ method: 'notifications/progress', params: progress });

    send({ method: 'notifications/cancelled', params: { requestId: 2 } });
    send({ id: 3, method: 'tools/call', params: { name: 'count_slowly', arguments: { steps: 1, delay_ms: 400 } } });
    let answer = await receive();
    // One more step may have been on its way when the cancellation arrived.
    if (answer.id === undefined) answer = await receive();
    expect(answer).toMatchObject({ id: 3, result: { structuredContent: { counted: 1 } } });

    send({ id: 4, method: 'tools/call', params: count });
    send({ id: 5, method: 'tools/call', params: { name: 'execute_sql_query', arguments: { sql: endless } } });
    expect(await receive()).toMatchObject({ method: 'notifications/progress' });
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
