import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fileTokenStore } from '@toolwire/client-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { loadProvider, machine, startGuarded, type Guarded } from '../../../../test/e2e/oauth-harness.ts';
import { listeners, startHttpServer } from '../../test-fixtures/http-server.ts';
import { folderWith, input, runCli, startCli, type Outcome } from '../../test-fixtures/run-cli.ts';
import { warmUser } from '../../test-fixtures/warm.ts';
import { answersIn, greeting, runWithHost } from '../../test-fixtures/wire-lines.ts';
import type { Io } from '../io.ts';

const OidcProvider = await loadProvider();
const title = OidcProvider === undefined ? ' (skipped: the package oidc-provider is not installed)' : '';

async function guarded(): Promise<Guarded> {
  if (OidcProvider === undefined) throw new Error('skipped');
  const server = await startGuarded(OidcProvider);
  onTestFinished(async () => server[Symbol.asyncDispose]());
  return server;
}

interface Home {
  readonly env: Record<string, string>;
  /** Everything that is kept there. */
  files(): string;
  mcp(argv: readonly string[], io?: Partial<Io>): Promise<Outcome>;
}

/** A person's home, with no keychain. */
function newHome(): Home {
  const folder = folderWith({});
  const env = { HOME: folder, MCP_KEYCHAIN: 'off' };
  const files = (): string =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n');
  return { env, files, mcp: (argv, io = {}) => runCli(argv, { ...io, env: { ...env, ...io.env } }) };
}

const pageIn = (stderr: string): URL => new URL(/Log in here:\n {2}(\S+)\n/.exec(stderr)?.[1] ?? 'none:');

/** Logs in as a person who goes to the printed page with a browser of this machine. */
async function logIn(
  home: Home,
  server: Guarded,
  { flags = [], typed = '' }: { flags?: readonly string[]; typed?: string } = {},
): Promise<Outcome> {
  let stderr = '';
  const running = startCli(['auth', 'login', server.url, '--no-browser', ...flags], {
    env: home.env,
    stdin: input(typed),
    stderr: { write: (text, done) => ((stderr += String(text)), done()) },
  });
  await expect.poll(() => stderr).toContain('Log in here');
  await fetch(await server.browse(pageIn(stderr)));
  return { ...(await running.done), stderr };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // It listens on a port.
  server.close();
  await once(server, 'close');
  return port;
}

beforeAll(() => {
  for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockImplementation(() => {}); // The authorization server lectures.
});
afterAll(() => void vi.restoreAllMocks());

describe.skipIf(OidcProvider === undefined)(`a server that oidc-provider guards${title}`, () => {
  test('is used by every command after one login, whose token is shown to nobody', async () => {
    const [server, home] = [await guarded(), newHome()];
    const login = await logIn(home, server);
    expect(login).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Logged in to .+: until 20.+Z\n$/) });
    expect(await home.mcp(['tools', 'list', '-s', server.url])).toMatchObject({ exitCode: 0, stdout: 'greet\n' });
    const status = await home.mcp(['auth', 'status', '--json']);
    const [report] = (JSON.parse(status.stdout) as { logins: object[] }).logins;
    expect(report).toMatchObject({ server: server.url, issuer: server.issuer, state: 'valid', canRenew: true });
    const { stdout: token } = await home.mcp(['auth', 'token', server.url]);
    expect(token).toMatch(/^\S{20,}\n$/);
    expect(login.stdout + login.stderr + status.stdout).not.toContain(token.trim());
  });

  test.each([['proxy'], ['trace', '-s'], ['record', 'talk.jsonl', '-s']])(
    'is reached by hosts through mcp %s after one login, whose token is shown to nobody',
    async (...words) => {
      const [server, home] = [await guarded(), newHome()];
      await logIn(home, server);
      const { stdout: token } = await home.mcp(['auth', 'token', server.url]);
      const messages = [...greeting, { id: 1, method: 'tools/list' }];
      const { stdout, stderr } = await runWithHost([...words, server.url], messages, { env: home.env });
      expect(answersIn(stdout).get(1)).toMatchObject({ result: { tools: [{ name: 'greet' }] } });
      expect(stdout + stderr).not.toContain(token.trim());
    },
  );

  test('is not logged in to by other commands: they end with 4, and say what to do', async () => {
    const [server, home] = [await guarded(), newHome()];
    const { exitCode, stdout, stderr } = await home.mcp(['tools', 'list', '-s', server.url]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toContain(`Log in: mcp auth login ${server.url}\n`);
    expect(existsSync(join(home.env['HOME'] ?? '', '.config'))).toBe(false);
  });

  test('is logged in to by pasting where a browser elsewhere ended', async () => {
    const [server, home] = [await guarded(), newHome()];
    let stderr = '';
    async function* keyboard(): AsyncGenerator<string> {
      yield `${(await server.browse(pageIn(stderr))).href}\n`;
    }
    const outcome = await home.mcp(['auth', 'login', server.url, '--no-browser'], {
      stdin: Object.assign(keyboard(), { isTTY: true }),
      stderr: { isTTY: true, write: (text, done) => ((stderr += String(text)), done()) },
    });
    expect(outcome.exitCode).toBe(0);
    expect(stderr).toContain('paste the address');
  });

  test('is logged in to by a browser of this machine while a paste is waited for', async () => {
    const [server, home] = [await guarded(), newHome()];
    let stderr = '';
    async function* keyboard(): AsyncGenerator<string> {
      await new Promise(() => undefined);
      yield '';
    }
    const running = startCli(['auth', 'login', server.url, '--no-browser'], {
      env: home.env,
      stdin: Object.assign(keyboard(), { isTTY: true }),
      stderr: { isTTY: true, write: (text, done) => ((stderr += String(text)), done()) },
    });
    await expect.poll(() => stderr).toContain('paste the address');
    await fetch(await server.browse(pageIn(stderr)));
    expect((await running.done).exitCode).toBe(0);
    expect(stderr).toMatch(/paste the address where another browser ended: \n$/);
  });

  test.skipIf(process.platform !== 'linux')('is logged in to in the browser of this desktop', async () => {
    const [server, home] = [await guarded(), newHome()];
    const bin = folderWith({ 'xdg-open': '#!/bin/sh\nprintf %s "$1" > "$0.page"\n' });
    chmodSync(join(bin, 'xdg-open'), 0o700);
    vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH']}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const running = startCli(['auth', 'login', server.url], { env: { ...home.env, DISPLAY: ':0' } });
    const opened = join(bin, 'xdg-open.page');
    await expect.poll(() => (existsSync(opened) ? readFileSync(opened, 'utf8') : '')).toContain(server.issuer);
    await fetch(await server.browse(new URL(readFileSync(opened, 'utf8'))));
    expect((await running.done).exitCode).toBe(0);
  });

  test('renews an expired token by itself, once, for this command and the next', async () => {
    const [server, home] = [await guarded(), newHome()];
    await logIn(home, server);
    const old = await home.mcp(['auth', 'token', server.url]);
    await server.expireTokens();
    expect((await home.mcp(['tools', 'list', '-s', server.url])).exitCode).toBe(0);
    const renewed = await home.mcp(['auth', 'token', server.url]);
    expect(renewed.stdout).not.toBe(old.stdout);
    expect(server.grants).toEqual(['authorization_code', 'refresh_token']);
    await server.expireTokens();
    expect((await home.mcp(['auth', 'token', server.url])).stdout).not.toBe(renewed.stdout);
  });

  test('is not logged in to by a command whose login cannot be renewed any more', async () => {
    const [server, home] = [await guarded(), newHome()];
    await logIn(home, server);
    await server.expireTokens();
    const folder = join(home.env['HOME'] ?? '', '.config/mcp/tokens');
    const file = join(folder, readdirSync(folder)[0] ?? '');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"refresh_token":"[^"]+"/, '"refresh_token":"revoked"'));
    const { exitCode, stderr } = await home.mcp(['tools', 'list', '-s', server.url]);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('a person has to log in again');
    expect(stderr).toContain(`Log in: mcp auth login ${server.url}`);
  });

  test('says which scope a refused call needs, and takes it from a second login', async () => {
    const [server, home] = [await guarded(), newHome()];
    await logIn(home, server);
    const refused = await home.mcp(['tools', 'call', 'greet', '-s', server.url]);
    expect(refused.exitCode).toBe(4);
    expect(refused.stderr).toContain(`mcp auth login ${server.url} --scope 'mcp:call'`);
    await logIn(home, server, { flags: ['--scope', 'mcp:call'] });
    expect(await home.mcp(['tools', 'call', 'greet', '-s', server.url])).toMatchObject({ stdout: 'hello\n' });
  });

  test('gets a header that was written for it, and then no login', async () => {
    const [server, home] = [await guarded(), newHome()];
    await logIn(home, server);
    const header = ['--header', 'Authorization: Bearer of-somebody-else'];
    expect((await home.mcp(['tools', 'list', '-s', server.url, ...header])).exitCode).toBe(4);
  });

  test('is logged in to by a program, whose secret is in no argument and in no output', async () => {
    const [server, home] = [await guarded(), newHome()];
    const client = ['--client-id', machine.clientId, '--client-secret-env', 'SECRET'];
    const words = ['auth', 'login', server.url, '--client-credentials', ...client, '--scope', 'mcp:read mcp:call'];
    const env = { SECRET: machine.clientSecret };
    expect(await home.mcp(words, { env })).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--issuer') });
    const login = await home.mcp([...words, '--issuer', server.issuer], { env });
    expect(login).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await home.mcp(['tools', 'call', 'greet', '-s', server.url])).toMatchObject({ stdout: 'hello\n' });
    expect(server.grants).toEqual(['client_credentials']);
    await server.expireTokens();
    expect(await home.mcp(['tools', 'call', 'greet', '-s', server.url])).toMatchObject({ stdout: 'hello\n' });
    expect(server.grants).toEqual(['client_credentials', 'client_credentials']);
    expect(login.stdout + (await home.mcp(['auth', 'status', '--json'])).stdout).not.toContain(machine.clientSecret);
  });

  test('is logged in to as a client that was registered ahead, and renewed as that client', async () => {
    const [server, home] = [await guarded(), newHome()];
    const redirectUrl = `http://127.0.0.1:${await freePort()}/callback`;
    const registered = await fetch(`${server.issuer}/reg`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        application_type: 'native',
        redirect_uris: [redirectUrl],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_basic',
      }),
    });
    const client = (await registered.json()) as { client_id: string; client_secret: string };
    const flags = ['--client-id', client.client_id, '--redirect-url', redirectUrl, '--client-secret-stdin'];
    const login = await logIn(home, server, {
      flags: [...flags, '--issuer', server.issuer],
      typed: client.client_secret,
    });
    expect(login.exitCode).toBe(0);
    expect(pageIn(login.stderr).searchParams.get('client_id')).toBe(client.client_id);
    await server.expireTokens();
    expect(await home.mcp(['tools', 'list', '-s', server.url])).toMatchObject({ exitCode: 0 });
    expect(server.grants).toEqual(['authorization_code', 'refresh_token']);
    const status = await home.mcp(['auth', 'status', '--json']);
    expect(status.stdout).toContain(client.client_id);
    expect(login.stdout + login.stderr + status.stdout).not.toContain(client.client_secret);
  });

  test('takes a token that was got elsewhere, from standard input', async () => {
    const [server, home, other] = [await guarded(), newHome(), newHome()];
    await logIn(home, server);
    const { stdout: token } = await home.mcp(['auth', 'token', server.url]);
    const login = ['auth', 'login', server.url, '--with-token'];
    expect((await other.mcp(login, { stdin: input(token) })).exitCode).toBe(0);
    expect((await other.mcp(['tools', 'list', '-s', server.url])).exitCode).toBe(0);
    await server.expireTokens();
    expect((await other.mcp(['tools', 'list', '-s', server.url])).exitCode).toBe(4);
    expect((await other.mcp(login, { stdin: input('two words') })).exitCode).toBe(2);
  });

  test('is used by a warm connection, which ends with the login', async () => {
    const [server, user] = [await guarded(), warmUser()];
    const env = { ...user.env, MCP_KEYCHAIN: 'off' };
    await logIn({ ...newHome(), env }, server);
    expect(await user.run(['up', server.url], { env })).toMatchObject({ exitCode: 0 });
    expect(await user.run(['tools', 'list', '-s', server.url], { env })).toMatchObject({ stdout: 'greet\n' });
    expect(await user.run(['auth', 'logout', server.url], { env })).toMatchObject({ exitCode: 0 });
    expect(await user.connections()).toEqual([]);
    expect(await user.run(['tools', 'list', '-s', server.url], { env })).toMatchObject({ exitCode: 4 });
  });

  test('is forgotten by logout, one server or all', async () => {
    const [server, home] = [await guarded(), newHome()];
    await logIn(home, server);
    expect(await home.mcp(['auth', 'status', server.url])).toMatchObject({ exitCode: 0 });
    expect(await home.mcp(['auth', 'logout', server.url])).toMatchObject({ stdout: `Logged out of ${server.url}\n` });
    expect(home.files()).toBe('');
    expect(await home.mcp(['auth', 'status', server.url])).toMatchObject({ exitCode: 4 });
    expect(await home.mcp(['auth', 'logout', '--all', '--json'])).toMatchObject({ stdout: '{"loggedOut":[]}\n' });
    expect((await home.mcp(['tools', 'list', '-s', server.url])).exitCode).toBe(4);
  });
});

test('a token is not shown on a terminal unless that is wanted', async () => {
  const home = newHome();
  let shown = '';
  const stdout: Io['stdout'] = { isTTY: true, write: (text, done) => ((shown += String(text)), done()) };
  const server = await startHttpServer(listeners.mcp);
  onTestFinished(server.close);
  await home.mcp(['auth', 'login', server.url, '--with-token'], { stdin: input('a-token') });
  expect((await home.mcp(['auth', 'token', server.url], { stdout })).exitCode).toBe(2);
  expect(shown).toBe('');
  await home.mcp(['auth', 'token', server.url, '--show'], { stdout });
  expect(shown).toBe('a-token\n');
});

test('a login stays with its server: another one is sent nothing', async () => {
  const home = newHome();
  const [one, other] = [await startHttpServer(listeners.mcp), await startHttpServer(listeners.mcp)];
  onTestFinished(() => void [one, other].map((server) => server.close()));
  await home.mcp(['auth', 'login', one.url, '--with-token'], { stdin: input('a-token') });
  await home.mcp(['tools', 'list', '-s', one.url]);
  await home.mcp(['tools', 'list', '-s', other.url]);
  expect(one.requests.map(({ headers }) => headers.authorization)).toContain('Bearer a-token');
  expect(other.requests.map(({ headers }) => headers.authorization).filter(Boolean)).toEqual([]);
});

test.each<[what: string, argv: string[], says: string]>([
  ['a command', ['auth', 'login', '--', 'my-server'], 'only http: and https:'],
  ['a WebSocket', ['auth', 'login', 'ws://127.0.0.1:1/mcp'], 'only http: and https:'],
  ['a secret without its client', ['auth', 'login', 'http://127.0.0.1:1', '--client-secret-env', 'HOME'], 'client-id'],
  ['a secret that is not set', ['auth', 'login', 'http://127.0.0.1:1', '--client-secret-env', 'NONE'], 'NONE'],
  ['a server and all', ['auth', 'logout', 'http://127.0.0.1:1', '--all'], 'not both'],
])('%s is refused, and told why', async (_what, argv, says) => {
  expect(await newHome().mcp(argv)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(says) });
});

test('a server that wants no login gets none', async () => {
  const home = newHome();
  const server = await startHttpServer(listeners.mcp);
  onTestFinished(server.close);
  const { exitCode, stderr } = await home.mcp(['auth', 'login', server.url, '--no-browser']);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: `mcp: ${server.url} lets everybody in: no login is needed\n`,
  });
});

const hasSecretService =
  process.platform === 'linux' &&
  ['dbus-run-session', 'gnome-keyring-daemon'].every((name) => spawnSync(name, ['--version']).status === 0);

describe.skipIf(!hasSecretService)('with the keychain of a desktop session', () => {
  /** Runs this shell script in such a session, where `mcp` is the command. */
  function inSession(home: string, script: string): Promise<{ stdout: string; stderr: string }> {
    const main = fileURLToPath(new URL('../main.ts', import.meta.url));
    const setUp = `echo a-password | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
      mcp() { "${process.execPath}" --conditions=@toolwire/source "${main}" "$@"; }`;
    const env = { PATH: process.env['PATH'], HOME: home, XDG_RUNTIME_DIR: home };
    const options = { env, cwd: home };
    return promisify(execFile)('dbus-run-session', ['--', 'sh', '-c', `${setUp}\n${script}`], options);
  }

  test('a login is kept there, used from there, and forgotten there', async () => {
    const home = folderWith({});
    const server = await startHttpServer(listeners.mcp);
    onTestFinished(server.close);
    const url = server.url;
    const folder = join(home, '.config/mcp/tokens');
    const { stdout, stderr } = await inSession(
      home,
      `echo a-canary-token | mcp auth login ${url} --with-token -v >/dev/null
       grep -rc a-canary-token ${folder}
       mcp auth token ${url}
       mcp tools list -s ${url} >/dev/null
       mcp auth logout ${url} >/dev/null
       ls ${folder}`,
    );
    expect(stdout).toMatch(/^\S+\.json:0\na-canary-token\n$/);
    expect(stderr).not.toContain('keychain');
    expect(server.requests.map(({ headers }) => headers.authorization)).toContain('Bearer a-canary-token');
  });
});

test.skipIf(process.platform !== 'linux' || process.env['DBUS_SESSION_BUS_ADDRESS'] !== undefined)(
  'without a keychain a login is kept in a file, silently, and -v says why',
  async () => {
    const server = await startHttpServer(listeners.mcp);
    onTestFinished(server.close);
    const env = { HOME: folderWith({}) };
    const login = ['auth', 'login', server.url, '--with-token'];
    expect(await runCli(login, { env, stdin: input('a-token') })).toMatchObject({ exitCode: 0, stderr: '' });
    const { stderr } = await runCli([...login, '-v'], { env, stdin: input('a-token') });
    expect(stderr).toMatch(/^mcp: the keychain is not used \(.+\): logins are kept in files of .+\n$/);
  },
);

test.skipIf(process.platform !== 'linux' || process.env['DBUS_SESSION_BUS_ADDRESS'] !== undefined)(
  'a login that only a keychain has is told as such where that cannot be read',
  async () => {
    const url = 'http://127.0.0.1:1/mcp';
    const tokens = join(folderWith({}), 'tokens');
    const inKeychain: object = { inKeychain: true };
    await fileTokenStore(join(tokens, 'mcp/tokens')).set(url, inKeychain);
    const status = await runCli(['auth', 'status'], { env: { XDG_CONFIG_HOME: tokens } });
    expect(status.stdout).toBe(`${url}  in a keychain that cannot be read here\n`);
  },
);
