import { loadConfig, McpHub, type HubServer, type ServerConfig } from '@toolwire/client-core';
import { afterEach, expect, test } from 'vitest';
import { rawStdioServer, startHttpServer, stdioServer, temporaryDirectory } from '../servers/launch.ts';
import { eventually } from './eventually.ts';

const hubs: McpHub[] = [];
afterEach(() => Promise.all(hubs.splice(0).map((hub) => hub.close())));

function hubOf(...parameters: ConstructorParameters<typeof McpHub>): McpHub {
  const hub = new McpHub(...parameters);
  hubs.push(hub);
  return hub;
}

const result = (value: unknown): unknown => ({ jsonrpc: '2.0', id: '$id', result: value });
const okay = result({ content: [{ type: 'text', text: 'okay' }] });
const node = (program: string): ServerConfig => ({ command: process.execPath, args: ['-e', program] });

const trouble = {
  crashing: node('console.error("no license"); process.exit(3)'),
  missing: { command: 'no-such-command-anywhere' },
  refused: { url: 'http://127.0.0.1:9/mcp' },
  silent: node('setInterval(() => {}, 1e6)'),
  mute: rawStdioServer({ 'tools/call': okay }),
  lying: rawStdioServer({ 'tools/list': result({ tools: { echo: 'yes' } }) }),
  endless: rawStdioServer({ 'tools/list': result({ tools: [], nextCursor: 'again' }) }),
  chattering: node('setInterval(() => console.log("Starting up..."), 20)'),
} satisfies Record<string, HubServer>;

const reasons: Record<keyof typeof trouble, object> = {
  crashing: { code: 'server-exited', exitCode: 3, stderrTail: 'no license\n' },
  missing: { code: 'spawn-failed' },
  refused: { code: expect.stringMatching(/^(connection-failed|timeout)$/) as string },
  silent: { code: 'timeout' },
  mute: { code: 'timeout' },
  lying: { code: 'invalid-response' },
  endless: { code: 'invalid-response' },
  chattering: { code: 'timeout' },
};

test('servers that are dead, slow or wrong keep the others neither from being listed nor from being called', async () => {
  await using http = await startHttpServer('v2-server', ['--dual']);
  const hub = hubOf(
    { ...trouble, good: stdioServer('v1-server'), far: http.url },
    { listTimeoutMs: 6000, closeGraceMs: 200 },
  );
  let isListed = false;
  const listing = hub.listTools().finally(() => (isListed = true));
  const echo = async (name: string): Promise<string> => (await hub.callTool(name, { text: 'hello' })).text();
  expect(await Promise.all([echo('good/echo'), echo('far/echo')])).toEqual(['hello', 'hello']);
  expect(isListed, 'the calls did not wait for the others').toBe(false);

  const tools = await listing;
  expect(new Set(tools.map(({ server }) => server))).toEqual(new Set(['good', 'far']));
  const failures = Object.fromEntries(hub.failures.map(({ server, error }) => [server, error]));
  expect(failures).toMatchObject(reasons);
  expect(Object.keys(failures)).toHaveLength(Object.keys(trouble).length);

  expect((await hub.callTool('mute/anything')).text(), 'it only does not list').toBe('okay');
  expect(await echo('good/echo')).toBe('hello');
});

test('connect() tells which servers are there, and why the others are not', async () => {
  const { crashing, missing, silent, chattering } = trouble;
  const servers = {
    crashing,
    missing,
    silent,
    chattering,
    good: stdioServer('v2-server'),
    other: stdioServer('v1-server'),
  };
  const hub = hubOf(servers, { connectTimeoutMs: 5000, closeGraceMs: 200 });
  const { ready, failed } = await hub.connect({ onError: 'skip' });
  expect(ready).toEqual(['good', 'other']);
  expect(failed).toMatchObject([
    { server: 'crashing', error: reasons.crashing },
    { server: 'missing', error: reasons.missing },
    { server: 'silent', error: { code: 'connect-timeout' } },
    { server: 'chattering', error: { code: 'connect-timeout' } },
  ]);
  await expect(hub.connect({ servers: ['good', 'missing'] })).rejects.toMatchObject({
    code: 'spawn-failed',
    message: expect.stringMatching(/^1 of 2 servers did not connect\. missing: .*no-such-command-anywhere/) as string,
  });
});

test('a server that is killed in the middle fails its own calls, and comes back with the next', async () => {
  const hub = hubOf({ one: stdioServer('v1-server'), two: stdioServer('v1-server') });
  const pidOf = async (server: string): Promise<number> =>
    ((await hub.callTool({ server, tool: 'environment' })).json() as { pid: number }).pid;
  const [one, two] = await Promise.all([pidOf('one'), pidOf('two')]);
  const slow = (server: string): Promise<string> =>
    hub.callTool(`${server}/slow`, { label: server, steps: 2, stepMs: 300 }).then(
      (answer) => answer.text(),
      (error: unknown) => (error as { code: string }).code,
    );
  const both = Promise.all([slow('one'), slow('two')]);
  await hub.callTool('one/echo', { text: 'it is under way' });
  process.kill(one, 'SIGKILL');
  expect(await both).toEqual(['server-exited', 'two done']);
  expect(await hub.listTools()).toHaveLength(2 * (await hub.listTools({ servers: ['two'] })).length);
  expect(await pidOf('one')).not.toBe(one);
  expect(await pidOf('two')).toBe(two);
});

test('a configuration file is a hub, and its end is the end of every process', async () => {
  const servers = { one: stdioServer('v1-server'), two: stdioServer('v2-server') };
  await using folder = await temporaryDirectory({ 'mcp.json': JSON.stringify({ mcpServers: servers }) });
  const hub = hubOf(await loadConfig(`${folder.path}/mcp.json`));
  const pids: number[] = [];
  for (const server of hub.servers) {
    const { pid } = (await hub.callTool(`${server}/environment`)).json() as { pid: number };
    pids.push(pid);
  }
  expect((await hub.findTools('add numbers', { limit: 2 })).map(({ name }) => name)).toEqual(['one/add', 'two/add']);
  const uris = (await hub.listResources()).filter(({ uri }) => uri === 'config://settings');
  expect(uris.map(({ server }) => server)).toEqual(['one', 'two']);
  await expect(hub.readResource('config://settings')).rejects.toThrow(/of one or .* of two; pass \{ server, uri \}/);
  expect((await hub.readResource({ server: 'two', uri: 'config://settings' })).contents).toHaveLength(1);
  await hub.close();
  expect(pids.map(isRunning)).toEqual([false, false]);
});

test('tools that come while a hub is in use are told and can be called', async () => {
  const changed: string[] = [];
  const hub = hubOf(
    { one: stdioServer('v1-server'), two: stdioServer('v1-server') },
    { onToolsChanged: (server) => changed.push(server) },
  );
  const known = await hub.listTools();
  await hub.callTool('one/grow', { list: 'tools' });
  await eventually(() => expect(changed).toEqual(['one']));
  const grown = (await hub.listTools()).filter(({ name }) => known.every((tool) => tool.name !== name));
  expect(grown.map(({ server }) => server)).toEqual(['one']);
  for (const { name } of grown) expect((await hub.callTool(name)).isError).toBe(false);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
