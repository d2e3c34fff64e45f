import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connect, McpClient } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { startFluxbase, type Fluxbase, type FluxbaseOptions } from '../servers/fluxbase.ts';

const headers = { 'X-Client-Key': 'fbk_test' };

async function opened(
  options: FluxbaseOptions = {},
): Promise<AsyncDisposable & { fluxbase: Fluxbase; client: McpClient }> {
  const fluxbase = await startFluxbase(options);
  const client = new McpClient(fluxbase.url, { headers });
  const dispose = async (): Promise<void> => {
    await client.close();
    await fluxbase.close();
  };
  return { fluxbase, client, [Symbol.asyncDispose]: dispose };
}

describe.concurrent('Fluxbase', () => {
  test('is spoken to at its own revision, also when it answers what nobody asked', async () => {
    await using open = await opened();
    const { client } = open;
    expect(await client.connect()).toMatchObject({ name: 'fluxbase', protocolVersion: '2024-11-05' });
    expect((await client.listTools()).map(({ name }) => name)).toContain('query_table');
    expect((await client.callTool('query_table', { table: 'users' })).json()).toMatchObject({ table: 'users' });
    expect(await client.getResource('fluxbase://schema/tables')).toEqual(['public.users']);
  });

  test('shows a key without scopes no tools and no resources', async () => {
    await using open = await opened({ scopeless: true });
    expect(await open.client.listTools()).toEqual([]);
    expect(await open.client.listResources()).toEqual([]);
  });

  test('says in its own codes what is not there, or not allowed', async () => {
    await using open = await opened();
    await expect(open.client.callTool('no_such_tool')).rejects.toMatchObject({ rpcCode: -32_003 });
    await expect(open.client.callTool('forbidden')).rejects.toMatchObject({ rpcCode: -32_006 });
    await expect(open.client.readResource('no://where')).rejects.toMatchObject({ rpcCode: -32_002 });
  });

  test('refuses for too many requests without saying how long, and is asked again', async () => {
    await using open = await opened({ limit: 4, windowMs: 400 });
    const { client, fluxbase } = open;
    const call = (): Promise<unknown> => client.callTool('query_table', {}, { attempts: 20 });
    for (let sent = 0; sent < 4; sent++) await call();
    expect(fluxbase.seen.methods.filter((method) => method === 'tools/call')).toHaveLength(4);
    expect(fluxbase.seen.statuses).toContain(429);
  });

  test('names the header whose credential it refuses', async () => {
    await using fluxbase = await startFluxbase();
    await expect(connect(fluxbase.url, { headers: { 'X-Client-Key': 'fbk_wrong' } })).rejects.toMatchObject({
      code: 'unauthorized',
      status: 401,
      header: 'x-client-key',
    });
    await expect(connect(fluxbase.url)).rejects.toMatchObject({ code: 'unauthorized', header: undefined });
  });

  test('answers again when it was started anew on the same port', async () => {
    await using open = await opened();
    await open.client.callTool('query_table');
    const port = Number(new URL(open.fluxbase.url).port);
    await open.fluxbase.close();
    await using restarted = await startFluxbase({ port });
    expect(await open.client.listTools()).toHaveLength(5); // It only reads: sent again when a dead socket took it.
    expect((await open.client.callTool('query_table', { table: 'users' })).json()).toMatchObject({ table: 'users' });
    expect(restarted.seen.methods).toContain('tools/call');
  });

  test.each(['fluxbase.ts', 'trexsql.ts'])('%s also runs as a program', async (name) => {
    const script = fileURLToPath(new URL(`../servers/${name}`, import.meta.url));
    const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
    expect((await fetch(url)).status).toBe(401);
    child.stdin.end();
    await exited;
    expect(child.exitCode).toBe(0);
  });
});
