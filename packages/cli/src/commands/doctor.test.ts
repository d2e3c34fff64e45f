import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listeners, startHttpServer, type TestServer } from '../../test-fixtures/http-server.ts';
import { realEntry } from '../../test-fixtures/real-servers.ts';
import { startFluxbase, type FluxbaseOptions } from '../../../../test/servers/fluxbase.ts';
import { fixtureEntry, folderWith, runCli } from '../../test-fixtures/run-cli.ts';

const http = new Map<string, TestServer>();

beforeAll(async () => {
  for (const name of ['mcp', 'html', 'unauthorized'] as const) http.set(name, await startHttpServer(listeners[name]));
});

afterAll(() => {
  for (const server of http.values()) server.close();
});

const withKey = (url: string): object => ({ url, headers: { 'X-Client-Key': 'fbk_test' } });
const urlOf = (name: string): string => http.get(name)?.url ?? '';

describe('mcp doctor names the step that fails, and what to do', () => {
  test.each<[what: string, entry: () => object, exitCode: number, says: readonly RegExp[]]>([
    ['a stdio server', () => realEntry('v1'), 0, [/ok {6}handshake {6}v1-server 1.0.0, protocol/, /ok {6}tools/]],
    ['a URL', () => ({ url: urlOf('mcp') }), 0, [/ok {6}port/, /ok {6}tools/]],
    ['a wrong entry', () => ({ command: 7 }), 2, [/FAILED {2}configuration/]],
    ['a missing command', () => ({ command: 'uvvx' }), 3, [/FAILED {2}command +uvvx is not on PATH\n +Install it/]],
    ['a missing script', () => ({ command: 'node', args: ['x.js'] }), 3, [/FAILED {2}command +.+x\.js does not exist/]],
    [
      'a missing folder',
      () => ({ command: 'node', cwd: 'none' }),
      3,
      [/FAILED {2}command +The folder .+none does not/],
    ],
    ['a server that dies', () => fixtureEntry('dies'), 3, [/FAILED {2}handshake/, /stderr: .+no database/]],
    ['a name without address', () => ({ url: 'http://no.such.invalid/mcp' }), 3, [/FAILED {2}DNS/]],
    [
      'a closed port',
      () => ({ url: 'http://127.0.0.1:1/mcp' }),
      3,
      [/FAILED {2}port .+ECONNREFUSED/, /Start the server/],
    ],
    [
      'https where there is none',
      () => ({ url: urlOf('mcp').replace('http:', 'https:') }),
      3,
      [/FAILED {2}TLS/, /write http:\/\/ instead/],
    ],
    ['another page', () => ({ url: urlOf('html') }), 3, [/FAILED {2}handshake/, /often ends in \/mcp/]],
    ['a missing credential', () => ({ url: urlOf('unauthorized') }), 4, [/FAILED {2}credentials/, /--header/]],
  ])('%s', async (_what, entry, exitCode, says) => {
    const cwd = folderWith({ 'mcp.json': { mcpServers: { it: entry() } } });
    const outcome = await runCli(['doctor'], { cwd });
    for (const pattern of says) expect(outcome.stdout).toMatch(pattern);
    expect({ exitCode: outcome.exitCode, stderr: outcome.stderr }).toEqual({ exitCode, stderr: '' });
  });

  // The list of the documents that Fluxbase's users read.
  test.each<[what: string, options: FluxbaseOptions, entry: (url: string) => object, exitCode: number, says: RegExp]>([
    [
      'a server that is not found at its address',
      {},
      (url) => ({ url: url.replace(/mcp$/, '') }),
      3,
      /health answers: is the address http:\S+\/mcp\?/,
    ],
    ['a credential that is not sent', {}, (url) => ({ url }), 4, /FAILED {2}credentials .+none was sent/],
    [
      'a credential that is refused',
      {},
      (url) => ({ url, headers: { 'X-Client-Key': 'old' } }),
      4,
      /x-client-key[^]+ {10}Is the credential spelled right, .+not expired/,
    ],
    ['a credential without scopes', { scopeless: true }, withKey, 0, /ok {6}tools +0 tools\n {10}.+scopes/],
    [
      'a limit of requests',
      { limit: 1 },
      withKey,
      3,
      /HTTP 429\)\n {10}Wait a minute and try again, or raise the limit/,
    ],
  ])('%s', async (_what, options, entry, exitCode, says) => {
    await using fluxbase = await startFluxbase(options);
    const cwd = folderWith({ 'servers.json': { mcpServers: { it: entry(fluxbase.url) } } });
    const outcome = await runCli(['doctor', '--config', 'servers.json'], { cwd });
    expect(outcome.stdout).toMatch(says);
    expect(outcome.exitCode).toBe(exitCode);
  });

  test.each([
    ['JSON that is none', '{"mcpServers": {', /servers\.json:1:\d+/],
    [
      'a variable that is not set',
      { mcpServers: { it: { command: 'node', env: { KEY: '${NO_SUCH_KEY}' } } } },
      /NO_SUCH_KEY/,
    ],
  ])('a configuration with %s', async (_what, content, says) => {
    const cwd = folderWith({ 'servers.json': content });
    const { exitCode, stdout, stderr } = await runCli(['doctor', '--config', 'servers.json'], { cwd });
    expect(stdout + stderr).toMatch(says);
    expect(exitCode).toBe(2);
  });

  test('a configuration of another program that is no JSON, where its server is not seen', async () => {
    const home = folderWith({ '.cursor/mcp.json': '{ "mcpServers": { "shop": { "command": "npx", } ' });
    const { exitCode, stderr } = await runCli(['doctor', 'shop'], { env: { HOME: home, USERPROFILE: home } });
    expect(stderr).toMatch(/left out: .+\.cursor.mcp\.json:1:\d+: invalid JSON/);
    expect(exitCode).toBe(2);
  });

  test('a credential that lacks a permission', async () => {
    const server = await startHttpServer((_request, response) => void response.writeHead(403).end());
    const cwd = folderWith({
      'servers.json': { mcpServers: { it: { url: server.url, headers: { 'X-Api-Key': 'k' } } } },
    });
    const { exitCode, stdout } = await runCli(['doctor', '--config', 'servers.json'], { cwd });
    server.close();
    expect(stdout).toMatch(/FAILED {2}credentials .+HTTP 403\)\n {10}Does the credential have the scopes/);
    expect(exitCode).toBe(4);
  });

  test('for programs too; several servers each have their own', async () => {
    const cwd = folderWith({ 'mcp.json': { mcpServers: { good: fixtureEntry(), bad: { command: 'uvvx' } } } });
    const { exitCode, stdout } = await runCli(['servers', 'check', '--json'], { cwd });
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      servers: { good: { ok: true }, bad: { ok: false, steps: [{ ok: true }, { step: 'command', ok: false }] } },
    });
  });
});

test('the configuration is shown without what may be secret, and nothing is started', async () => {
  const url = 'https://ada:pw1@example.com/mcp?api_key=pw2';
  const args = ['--token', 'pw3', '--key=pw4', 'postgres://u:pw5@db/x', '--port', '80'];
  const mcpServers = {
    web: { url, headers: { Authorization: 'pw6' } },
    local: { command: 'no-such-command', args, env: { TOKEN: 'pw7' } },
    bad: { command: 7 },
  };
  const cwd = folderWith({ 'mcp.json': { mcpServers } });
  const list = await runCli(['servers', 'list'], { cwd });
  expect(list).toMatchObject({ exitCode: 0, stderr: '' });
  expect(list.stdout).toMatch(
    /^web +https:\/\/•••@example.com\/mcp\?api_key=••• +mcp\.json\nlocal +no-such-command +mcp\.json\nbad +cannot be/,
  );
  const shown = await Promise.all(
    ['web', 'local'].map(async (name) => (await runCli(['servers', 'show', name, '--json'], { cwd })).stdout),
  );
  expect([list.stdout, ...shown].join('')).not.toMatch(/pw\d/);
  expect(JSON.parse(shown[1] ?? '')).toMatchObject({ name: 'local', env: { TOKEN: '•••' } });
  expect(shown[1]).toContain('"--port","80"');
  expect((await runCli(['servers', 'show', 'bad'], { cwd })).exitCode).toBe(2);
});
