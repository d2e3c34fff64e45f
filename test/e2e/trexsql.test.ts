import { McpClient, type ClientOptions } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { startTrexsql, type Trexsql, type TrexsqlOptions } from '../servers/trexsql.ts';
import { eventually } from './eventually.ts';

function clientOf({ url }: Trexsql, options: ClientOptions = {}, key = 'trex_test'): McpClient {
  return new McpClient(url, { headers: { Authorization: `Bearer ${key}` }, ...options });
}

async function opened(
  options: TrexsqlOptions = {},
): Promise<AsyncDisposable & { trexsql: Trexsql; client: McpClient }> {
  const trexsql = await startTrexsql(options);
  const client = clientOf(trexsql);
  const dispose = async (): Promise<void> => {
    await client.close();
    await trexsql.close();
  };
  return { trexsql, client, [Symbol.asyncDispose]: dispose };
}

const query = { sql: 'select 1' };

describe.concurrent('trexsql', () => {
  test('is called, and its session ended', async () => {
    await using trexsql = await startTrexsql();
    const client = clientOf(trexsql);
    expect((await client.listTools()).map(({ name }) => name)).toContain('trexdb-execute-sql');
    expect((await client.callTool('trexdb-execute-sql', query)).json()).toEqual([query]);
    expect(await client.getResource('trex://plugin-development-guide')).toBe('# Plugins');
    expect((await client.callTool('trexdb-execute-sql', { sql: 'selct' })).isError).toBe(true);
    expect(trexsql.seen.sessions()).toBe(1);
    await client.close();
    expect(trexsql.seen.sessions()).toBe(0);
  });

  test('forgets a session in the middle, and each call is answered, and executed once', async () => {
    await using open = await opened();
    const { client, trexsql } = open;
    await client.callTool('trexdb-execute-sql', query);
    trexsql.killSessions();
    const results = await Promise.all([1, 2, 3].map(() => client.callTool('trexdb-execute-sql', query)));
    expect(results.map((result) => result.json())).toEqual([[query], [query], [query]]);
    expect(trexsql.seen.calls).toHaveLength(4);
    expect(trexsql.seen.sessions()).toBe(1);
  });

  test('closes a session that is idle, which the next call does not notice', async () => {
    await using open = await opened({ idleMs: 600 });
    await open.client.callTool('cluster-get-status');
    await eventually(() => expect(open.trexsql.seen.sessions()).toBe(0));
    expect((await open.client.callTool('cluster-get-status')).json()).toMatchObject({ healthy: true });
  });

  test('has no room for another session until one is closed', async () => {
    await using open = await opened({ max: 1 });
    const { client, trexsql } = open;
    await client.connect();
    await using second = clientOf(trexsql, { attempts: 1 });
    await expect(second.connect()).rejects.toMatchObject({ code: 'http-error', status: 503, retryable: true });
    await client.close();
    await second.connect();
  });

  test('says how long to wait when the limit of requests is reached', async () => {
    await using open = await opened({ limit: 5 });
    const calls = Promise.all(Array.from({ length: 6 }, () => open.client.callTool('cluster-get-status')));
    const error = await calls.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'rate-limited', retryAfterMs: expect.any(Number) });
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(600_000);
  });

  test('refuses a key it does not know, and the session of another user', async () => {
    await using open = await opened({ keys: ['trex_one', 'trex_two'] });
    await expect(open.client.connect()).rejects.toMatchObject({ code: 'unauthorized', header: 'authorization' });
    await using one = clientOf(open.trexsql, {}, 'trex_one');
    await using two = clientOf(open.trexsql, {}, 'trex_two');
    await Promise.all([one.connect(), two.connect()]);
    expect(open.trexsql.seen.sessions()).toBe(2);
  });
});
