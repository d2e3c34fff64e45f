import { connectGateway, type Gateway } from '@toolwire/gateway-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stdioServer, temporaryDirectory } from '../servers/launch.ts';
import { freePort, installed, startProcess, type RunningProcess } from './start-process.ts';

let proxy: RunningProcess;
let gateway: Gateway;
let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let start: () => Promise<void>;

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

beforeAll(async () => {
  const server = stdioServer('v1-server', ['--transport', 'stdio', '--page-size', '50']);
  folder = await temporaryDirectory({ 'servers.json': JSON.stringify({ mcpServers: { v1: server, other: server } }) });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['--port', String(port), '--named-server-config', 'servers.json'];
  start = async () => {
    proxy = await startProcess(installed('mcp-proxy/bin/mcp-proxy'), args, {
      cwd: folder.path,
      isReady: async () => (await fetch(`${url}/status`)).ok,
    });
  };
  await start();
  gateway = await connectGateway(url);
});

afterAll(async () => {
  await gateway?.close();
  await proxy?.kill();
  await folder?.[Symbol.asyncDispose]();
});

test('is known by its answers to GET, and can only be called', () => {
  expect(gateway.dialect).toBe('mcp-proxy');
  expect(gateway.capabilities).toEqual({
    register: false,
    update: false,
    remove: false,
    toggle: false,
    call: true,
    events: false,
  });
});

test('what it cannot do is refused', async () => {
  const refusals = [
    gateway.servers.register({ name: 'x', url: 'http://127.0.0.1:1' }),
    gateway.servers.remove('v1'),
    gateway.servers.setEnabled('v1', false),
    gateway.events().next(),
  ];
  for (const refusal of refusals) expect(await failureOf(refusal)).toMatchObject({ code: 'unsupported-capability' });
});

test('its servers are listed, asked for their health, and called', async () => {
  expect((await gateway.servers.list()).map(({ name, state }) => [name, state])).toEqual([
    ['v1', 'unknown'],
    ['other', 'unknown'],
  ]);
  expect(await gateway.serverHealth('v1')).toMatchObject({ status: 'healthy', source: 'server' });
  expect((await gateway.callTool('other/echo', { text: 'hi' })).text()).toBe('hi');
  expect((await gateway.listTools()).map(({ name }) => name)).toContain('v1/echo');
  const client = await gateway.open('v1');
  expect(await client.getResource('notes://readme')).toBe('Read me first.');
});

test('a restart is survived', async () => {
  await proxy.kill();
  expect(await gateway.health()).toMatchObject({ status: 'unreachable' });
  await start();
  expect((await gateway.callTool('v1/echo', { text: 'back' }, { idempotent: true })).text()).toBe('back');
});
