import { connectGateway, type Gateway } from '@toolwire/gateway-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stdioServer, temporaryDirectory } from '../servers/launch.ts';
import { freePort, installed, startProcess, type RunningProcess } from './start-process.ts';

let hub: RunningProcess;
let gateway: Gateway;
let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let start: () => Promise<void>;

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

beforeAll(async () => {
  // It speaks revisions up to 2025-03-26.
  const server = stdioServer('v1-server', ['--transport', 'stdio', '--protocol', '2025-03-26', '--page-size', '50']);
  const mcpServers = { v1: server, 'my-other': server, dead: { command: process.execPath, args: ['-e', ''] } };
  folder = await temporaryDirectory({ 'mcp.json': JSON.stringify({ mcpServers }) });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const preload = new URL('only-loopback.mjs', import.meta.url).href;
  const args = ['--import', preload, installed('mcp-hub/node_modules/mcp-hub/dist/cli.js'), '--port', String(port)];
  start = async () => {
    hub = await startProcess(process.execPath, [...args, '--config', 'mcp.json'], {
      cwd: folder.path,
      env: { HOME: folder.path, XDG_STATE_HOME: folder.path, XDG_DATA_HOME: folder.path, XDG_CONFIG_HOME: folder.path },
      isReady: async () => ((await (await fetch(`${url}/api/health`)).json()) as { state: string }).state === 'ready',
    });
  };
  await start();
  gateway = await connectGateway(url);
});

afterAll(async () => {
  await gateway?.close();
  await hub?.kill();
  await folder?.[Symbol.asyncDispose]();
});

test('is known by its answers to GET, and can only switch its servers', () => {
  expect(gateway.dialect).toBe('mcp-hub');
  expect(gateway.capabilities).toEqual({
    register: false,
    update: false,
    remove: false,
    toggle: true,
    call: true,
    events: true,
  });
});

test('what it cannot do is refused', async () => {
  const failure = await failureOf(gateway.servers.register({ name: 'x', url: 'http://127.0.0.1:1' }));
  expect(failure).toMatchObject({ code: 'unsupported-capability', delivered: 'no' });
});

describe('its servers', () => {
  test('are listed with what is wrong with them', async () => {
    expect(await gateway.servers.list()).toMatchObject([
      { name: 'v1', state: 'active', transport: 'stdio', toolCount: expect.any(Number) as number },
      { name: 'my-other', state: 'active' },
      { name: 'dead', state: 'unreachable' },
    ]);
    expect(await gateway.serverHealth('dead')).toMatchObject({ status: 'unreachable' });
    expect(await gateway.serverHealth('v1')).toMatchObject({ status: 'healthy' });
    expect(await failureOf(gateway.servers.get('none'))).toMatchObject({ code: 'arguments-invalid' });
  });

  test('are called by the names that they give their tools', async () => {
    expect((await gateway.callTool({ server: 'my-other', tool: 'echo' }, { text: 'hi' })).text()).toBe('hi');
    expect((await gateway.callTool('v1/echo', { text: 'ho' })).text()).toBe('ho');
    const tools = await gateway.listTools({ server: 'v1' });
    expect(tools.map(({ name }) => name)).toContain('v1/echo');
  });

  test('have clients of their own, with their prompts and resources', async () => {
    const client = await gateway.open('v1');
    expect((await client.listPrompts()).map(({ name }) => name)).toContain('review');
    expect((await client.getPrompt('review', { code: 'x' })).messages).toMatchObject([
      { content: { text: 'Review this any language: x' } },
    ]);
    expect((await client.listResources()).map(({ uri }) => uri)).toContain('notes://readme');
    expect(await client.getResource('notes://readme')).toBe('Read me first.');
  });

  test('that are dead fail their calls, and no others', async () => {
    expect(await failureOf(gateway.callTool({ server: 'dead', tool: 'echo' }))).toBeInstanceOf(Error);
    expect((await gateway.callTool('v1/echo', { text: 'alive' })).text()).toBe('alive');
  });

  test('are switched off and on', async () => {
    expect(await gateway.servers.setEnabled('my-other', false)).toMatchObject({ enabled: false, state: 'disabled' });
    expect((await gateway.listTools()).map(({ server }) => server)).not.toContain('my-other');
    expect(await failureOf(gateway.callTool({ server: 'my-other', tool: 'echo' }))).toMatchObject({
      message: expect.stringContaining('disabled') as string,
    });
    expect(await gateway.servers.setEnabled('my-other', true)).toMatchObject({ enabled: true, state: 'active' });
    expect((await gateway.callTool('my-other/echo', { text: 'again' })).text()).toBe('again');
  });
});

test('tells of its events', async () => {
  for await (const { type } of gateway.events()) if (type === 'hub_state') break;
});

test('a restart is survived', async () => {
  expect(await gateway.health()).toMatchObject({ status: 'healthy' });
  await hub.kill();
  expect(await gateway.health()).toMatchObject({ status: 'unreachable' });
  await start();
  expect((await gateway.callTool('v1/echo', { text: 'back' }, { idempotent: true })).text()).toBe('back');
});
