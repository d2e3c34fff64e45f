import { fileURLToPath } from 'node:url';
import {
  compareTools,
  connect,
  lockTools,
  type ClientOptions,
  type McpClient,
  type Report,
} from '@toolwire/client-core';
import { expect, onTestFinished, test } from 'vitest';

const script = fileURLToPath(new URL('changing-server.mjs', import.meta.url));
const numbers = { a: 1, b: 2 };
const refused = { code: 'tool-changed', delivered: 'no' };

async function started(options: ClientOptions, ...args: string[]): Promise<McpClient> {
  const client = await connect({ command: process.execPath, args: [script, ...args] }, options);
  onTestFinished(() => client.close());
  return client;
}

test('row 11: a definition that changed since it was locked is told field by field', async () => {
  const lock = await lockTools(await (await started({})).listTools());
  const { added, removed, changed } = await compareTools(lock, await (await started({}, '--turned')).listTools());
  expect([added, removed, changed.length]).toEqual([[], [], 1]);
  expect(changed[0]?.name).toBe('add');
  expect(changed[0]?.changes).toEqual([
    { path: 'description', before: 'Adds two numbers', after: expect.stringContaining('id_rsa') as string },
    { path: 'inputSchema.properties.note', after: { type: 'string' } },
    { path: 'inputSchema.required', before: ['a', 'b'], after: ['a', 'b', 'note'] },
  ]);
});

test('row 11: the order of tools makes no difference', async () => {
  const tools = await (await started({})).listTools();
  const reversed = await (await started({}, '--last-first')).listTools();
  expect(reversed.map(({ name }) => name)).toEqual(tools.map(({ name }) => name).toReversed());
  expect(JSON.stringify(await lockTools(reversed))).toBe(JSON.stringify(await lockTools(tools)));
});

test('row 11: a locked tool that is another one is not called, and its new words are not shown', async () => {
  const toolLock = await lockTools(await (await started({})).listTools());
  const client = await started({ toolLock }, '--turned');
  await expect(client.callTool('add', numbers)).rejects.toMatchObject(refused);
  expect(JSON.stringify(await client.listTools())).not.toContain('id_rsa');
  expect((await client.callTool('turn')).text()).toBe('turned');
});

test('row 11: a description that changes between two lists is refused without a lock too', async () => {
  const client = await started({ onToolChanged: 'refuse' });
  expect(await client.listTools()).toHaveLength(2);
  expect((await client.callTool('add', numbers)).text()).toBe('3');
  await client.callTool('turn');
  expect(JSON.stringify(await client.listTools({ fresh: true }))).not.toContain('id_rsa');
  await expect(client.callTool('add', numbers)).rejects.toMatchObject(refused);
});

test.each<[revision: string, options: ClientOptions]>([
  ['2025-11-25', {}],
  ['2026-07-28', { onToolsChanged: () => {} }],
] as const)('row 11: a description that changes within a session is refused (%s)', async (revision, options) => {
  const protocolVersion = revision as '2025-11-25' | '2026-07-28';
  const client = await started({ onToolChanged: 'refuse', protocolVersion, ...options });
  expect((await client.callTool('add', numbers)).text()).toBe('3');
  await client.callTool('turn');
  await expect.poll(() => client.callTool('add', numbers).catch((error: unknown) => error)).toMatchObject(refused);
});

test('row 11: warn tells of the change, and lets the call through; allow says nothing', async () => {
  for (const [onToolChanged, told] of [
    ['warn', ['The tool add is not what it was (description, inputSchema.properties.note, inputSchema.required)']],
    ['allow', []],
  ] as const) {
    const reports: Report[] = [];
    const client = await started({ onToolChanged, onReport: (report) => reports.push(report) });
    await client.listTools();
    await client.callTool('turn');
    await client.listTools({ fresh: true });
    expect(reports.filter(({ kind }) => kind === 'tool-changed').map(({ message }) => message)).toEqual(told);
    expect((await client.callTool('add', { ...numbers, note: '' })).text()).toBe('3');
  }
});
