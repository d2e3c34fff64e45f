import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as V1StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startFluxbase, type FluxbaseOptions } from '../servers/fluxbase.ts';
import { startTrexsql, type Trexsql } from '../servers/trexsql.ts';
import { eventually } from './eventually.ts';

/** An entry of `mcpServers` in the configuration of a desktop host. */
interface Entry {
  command: string;
  args: string[];
}

/** The part of both official clients that a host needs here. */
interface Host {
  listTools(): Promise<{ tools: { name: string }[] }>;
  callTool(call: { name: string; arguments?: Record<string, unknown> }): Promise<unknown>;
  readResource(request: { uri: string }): Promise<unknown>;
  close(): Promise<void>;
}

const installed = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
const environment = { PATH: `${installed}${delimiter}${process.env['PATH']}` };
const identity = { name: 'desktop-host', version: '1.0.0' };

/** Starts the command of an entry as the host would, and speaks to it with an official client. */
const startHost: Readonly<Record<string, (entry: Entry) => Promise<Host>>> = {
  async 'client 2'(entry) {
    const client = new Client(identity);
    await client.connect(new StdioClientTransport({ ...entry, env: environment, stderr: 'ignore' }));
    return client;
  },
  async 'client 2, later era'(entry) {
    const client = new Client(identity, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new StdioClientTransport({ ...entry, env: environment, stderr: 'ignore' }));
    return client;
  },
  async 'client 1'(entry) {
    const client = new V1Client(identity);
    await client.connect(new V1StdioClientTransport({ ...entry, env: environment, stderr: 'ignore' }));
    return client;
  },
};

function text(value: string): unknown {
  return expect.objectContaining({ content: [{ type: 'text', text: value }] });
}

describe.each(Object.keys(startHost))('a desktop host on %s', (name) => {
  const start = async (entry: Entry): Promise<Host> => {
    const host = await startHost[name]?.(entry);
    if (host === undefined) throw new Error(`There is no host ${name}`);
    onTestFinished(() => host.close());
    return host;
  };

  const startOnFluxbase = async (options: FluxbaseOptions): Promise<Host> => {
    const fluxbase = await startFluxbase({ key: 'k', ...options });
    onTestFinished(() => fluxbase.close());
    return start({ command: 'mcp', args: ['proxy', fluxbase.url, '--header', 'X-Client-Key: k'] });
  };

  const startOnTrexsql = async (server: Trexsql): Promise<Host> => {
    onTestFinished(() => server.close());
    return start({ command: 'mcp', args: ['proxy', server.url, '--header', 'Authorization:Bearer trex_test'] });
  };

  test('uses Fluxbase, which answers notifications with errors', async () => {
    const host = await startOnFluxbase({});
    const { tools } = await host.listTools();
    expect(tools.map((tool) => tool.name).toSorted()).toContain('query_table');
    const call = { name: 'query_table', arguments: { table: 'users' } };
    await expect(host.callTool(call)).resolves.toEqual(text('{"tool":"query_table","table":"users"}'));
    await expect(host.callTool({ name: 'missing' })).rejects.toThrow(/Tool not found: missing/);
    const { contents } = (await host.readResource({ uri: 'fluxbase://schema/tables' })) as { contents: unknown[] };
    expect(contents).toMatchObject([{ text: '["public.users"]' }]);
  });

  test('sees no tools where Fluxbase says null', async () => {
    const host = await startOnFluxbase({ scopeless: true });
    expect((await host.listTools()).tools).toEqual([]);
  });

  test('never hears of the rate limit of Fluxbase, which names no time to wait', async () => {
    const host = await startOnFluxbase({ limit: 8, windowMs: 2000 });
    for (let call = 0; call < 10; call++) {
      await expect(host.callTool({ name: 'think', arguments: { call } })).resolves.toEqual(
        text(`{"tool":"think","call":${call}}`),
      );
    }
  });

  test('goes on when trexsql has lost its session, and ends it when it leaves', async () => {
    const server = await startTrexsql();
    const host = await startOnTrexsql(server);
    expect((await host.listTools()).tools.map((tool) => tool.name)).toContain('trexdb-execute-sql');
    const call = { name: 'trexdb-execute-sql', arguments: { sql: 'select 1' } };
    await expect(host.callTool(call)).resolves.toEqual(text('[{"sql":"select 1"}]'));
    server.killSessions();
    await expect(host.callTool(call)).resolves.toEqual(text('[{"sql":"select 1"}]'));
    server.killSessions();
    const parallel = await Promise.all(Array.from({ length: 5 }, () => host.callTool(call)));
    expect(parallel).toEqual(Array.from({ length: 5 }, () => text('[{"sql":"select 1"}]')));
    expect(server.seen.calls).toHaveLength(7);
    expect(server.seen.sessions()).toBe(1);
    await host.close();
    await eventually(() => expect(server.seen.sessions()).toBe(0));
  });

  test('is told what is wrong with a key, and goes on living', async () => {
    const server = await startTrexsql({ keys: ['another'] });
    await expect(startOnTrexsql(server)).rejects.toThrow(/401[\s\S]*--header/);
  });
});
