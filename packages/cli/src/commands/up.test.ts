import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listeners, startHttpServer } from '../../test-fixtures/http-server.ts';
import { realCommand, realEntry } from '../../test-fixtures/real-servers.ts';
import { fixtureEntry, folderWith } from '../../test-fixtures/run-cli.ts';
import { isAlive, warmUser, type WarmUser } from '../../test-fixtures/warm.ts';

const fixture = (mode = ''): string[] => ['--', process.execPath, ...fixtureEntry(mode).args];
const real = realCommand('v1');

/** What the server has seen, as a call through the keeper tells it. */
async function seenBy(user: WarmUser): Promise<{ started: string[]; cancelled: string[]; methods: string[] }> {
  const { stdout } = await user.run(['tools', 'call', 'seen', ...real]);
  return JSON.parse(stdout) as never; // The test server's own words.
}

function slow(label: string, steps = 1): string[] {
  return ['tools', 'call', 'slow', '--label', label, '--steps', String(steps), '--stepMs', '50', ...real];
}

describe('a server that is up', () => {
  test('is used by every command: it is started once, and its tools are listed once', async () => {
    const user = warmUser();
    const { stdout, ...others } = await user.run(['up', ...real]);
    expect(others).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^node  pid \d+  ends when nobody has called for 5m\n$/);
    await user.run(slow('one'));
    const before = await seenBy(user);
    await user.run(slow('two'));
    const after = await seenBy(user);
    expect(after.started).toEqual(['one', 'two']);
    const lists = ({ methods }: typeof after): string[] => methods.filter((method) => method === 'tools/list');
    expect(lists(after)).toEqual(lists(before));
  });

  test('tells of its lists when they change', async () => {
    const user = warmUser();
    await user.run(['up', ...real]);
    const grow = ['tools', 'call', 'grow', '--list', 'tools', ...real];
    expect((await user.run(grow)).exitCode).toBe(0);
    expect((await user.run(['tools', 'list', '-r', ...real])).stdout).toContain('grown_1');
  });

  test('is told when its caller gives up, and serves the next one', async () => {
    const user = warmUser();
    await user.run(['up', ...real]);
    const call = user.start(slow('long', 1_000));
    await expect.poll(async () => (await seenBy(user)).started).toEqual([]);
    await expect.poll(async () => (await user.connections())[0]?.calls).toBeGreaterThan(6);
    expect(await call.interrupt()).toMatchObject({ exitCode: 130, stderr: 'mcp: Interrupted\n' });
    await expect.poll(async () => (await seenBy(user)).cancelled).toEqual(['long']);
  });

  test('is started again by the next call when it has crashed', async () => {
    const user = warmUser();
    await user.run(['up', ...fixture()]);
    expect((await user.run(['tools', 'call', 'die', ...fixture()])).exitCode).toBe(3);
    const next = await user.run(['tools', 'call', 'echo', '--message', 'hi', ...fixture()]);
    expect(next).toEqual({ exitCode: 0, stdout: 'hi\n', stderr: '' });
    expect(await user.connections()).toHaveLength(1);
  });

  test('is not used from another folder, nor with another PATH', async () => {
    const user = warmUser();
    await user.run(['up', ...fixture()]);
    const [{ calls } = { calls: 0 }] = await user.connections();
    const cwd = folderWith({});
    const where = ['tools', 'call', 'where', ...fixture()];
    expect((await user.run(where, { cwd })).stdout).toBe(`${cwd}\n`);
    await user.run(where, { env: { ...user.env, PATH: `${user.env['PATH']}:/other` } });
    expect(await user.connections()).toMatchObject([{ calls }]);
    expect((await user.run(where)).exitCode).toBe(0);
    expect((await user.connections())[0]?.calls).toBeGreaterThan(calls);
  });

  test('is not asked by mcp doctor, which walks the whole way', async () => {
    const user = warmUser();
    await user.run(['up', ...fixture()]);
    const [{ calls } = { calls: 0 }] = await user.connections();
    expect((await user.run(['doctor', ...fixture()])).exitCode).toBe(0);
    expect(await user.connections()).toMatchObject([{ calls }]);
  });

  test('tells whoever watches it of changes', async () => {
    const user = warmUser();
    const files = { 'mcp.json': { mcpServers: { real: realEntry('v1') } } };
    const cwd = folderWith(files);
    await user.run(['up', '-s', './mcp.json#real'], { cwd });
    const watching = user.start(['resources', 'subscribe', 'test://readme', '-s', './mcp.json#real'], { cwd });
    const touch = ['tools', 'call', 'touch', '--uri', 'test://readme', '-s', './mcp.json#real'];
    await expect
      .poll(async () => (await user.run(touch, { cwd })).exitCode === 0 && watching.stdout())
      .toContain('test://readme');
    expect((await watching.interrupt()).exitCode).toBe(130);
  });
});

describe('a URL that is up', () => {
  const call = ['tools', 'call', 'echo', '--message', 'hi', '-s'];

  test('is connected to once; another header is another connection', async () => {
    const user = warmUser();
    const { url, requests, close } = await startHttpServer(listeners.mcp);
    onTestFinished(close);
    await user.run(['up', '-s', url]);
    const before = requests.length;
    expect((await user.run([...call, url])).stdout).toBe('hi\n');
    const warm = requests.length - before;
    expect((await user.run([...call, url, '--header', 'X-Key: hunter2'])).stdout).toBe('hi\n');
    expect(requests.length - before - warm).toBeGreaterThan(warm);
    expect(await user.run(['down', `${url}?key=secret`])).toMatchObject({ exitCode: 0 });
  });

  test('and wants a credential is told as ever, and not kept', async () => {
    const user = warmUser();
    const { url, close } = await startHttpServer(listeners.unauthorized);
    onTestFinished(close);
    const { exitCode, stderr } = await user.run(['up', '-s', url]);
    expect(exitCode).toBe(4);
    expect(stderr).toBe((await user.run(['ping', '-s', url])).stderr);
    await expect.poll(() => user.connections()).toEqual([]);
  });
});

describe('a keeper ends', () => {
  async function keeperOf(user: WarmUser, ...flags: readonly string[]): Promise<{ pid: number; socket: string }> {
    expect(await user.run(['up', ...flags, ...fixture('stubborn')])).toMatchObject({ exitCode: 0, stderr: '' });
    const [keeper] = await user.connections();
    if (keeper === undefined) throw new Error('nothing is up');
    return keeper;
  }

  test('when nobody has called for so long', async () => {
    const { pid } = await keeperOf(warmUser(), '--idle', '500ms');
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  test('when it is told to', async () => {
    const user = warmUser();
    const { pid } = await keeperOf(user);
    expect(await user.run(['down', 'node'])).toEqual({
      exitCode: 0,
      stdout: `node  pid ${pid}  ended\n`,
      stderr: '',
    });
    expect(isAlive(pid)).toBe(false);
    expect(await user.connections()).toEqual([]);
  });

  test('when its socket is gone', async () => {
    const { pid, socket } = await keeperOf(warmUser());
    rmSync(socket);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  test('when its server crashes again and again', async () => {
    const user = warmUser();
    const cwd = folderWith({ alive: '' });
    const [server = ''] = realEntry('v1').args;
    const script = `if (!require('fs').existsSync('alive')) process.exit(1); import(${JSON.stringify(server)});`;
    const dying = ['--', process.execPath, '-e', script];
    await user.run(['up', ...dying], { cwd });
    const [{ pid } = { pid: 0 }] = await user.connections();
    rmSync(join(cwd, 'alive'));
    expect((await user.run(['tools', 'call', 'crash', '--exitCode', '9', ...dying], { cwd })).exitCode).toBe(3);
    await expect.poll(() => isAlive(pid), { timeout: 50_000 }).toBe(false);
  }, 60_000);

  test('and takes a stubborn server with it', async () => {
    const user = warmUser();
    const { stderr } = await user.run(['up', '-v', ...fixture('stubborn')]);
    const pid = Number(/pid (\d+)/.exec(stderr)?.[1]);
    expect(isAlive(pid)).toBe(true);
    await user.run(['down', '--all']);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});

test('a keeper that was killed is not waited for: its socket goes, and the call takes the cold way', async () => {
  const user = warmUser();
  await user.run(['up', ...fixture()]);
  const [keeper] = await user.connections();
  process.kill(keeper?.pid ?? 0, 'SIGKILL');
  const echo = ['tools', 'call', 'echo', '--message', 'hi', ...fixture()];
  expect(await user.run(echo)).toEqual({ exitCode: 0, stdout: 'hi\n', stderr: '' });
  expect(await user.connections()).toEqual([]);
});

test('a server that cannot be started is told as ever, and nothing stays', async () => {
  const user = warmUser();
  const { exitCode, stderr } = await user.run(['up', ...fixture('dies')]);
  expect(exitCode).toBe(3);
  expect(stderr).toBe((await user.run(['ping', ...fixture('dies')])).stderr);
  await expect.poll(() => user.connections()).toEqual([]);
});

test('up again changes nothing', async () => {
  const user = warmUser();
  const first = await user.run(['up', ...fixture()]);
  expect(await user.run(['up', '--idle', '1m', ...fixture()])).toEqual(first);
});

test('two who say it at once get one keeper', async () => {
  const user = warmUser();
  const both = await Promise.all([user.run(['up', ...fixture()]), user.run(['up', ...fixture()])]);
  expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  await expect.poll(async () => (await user.connections()).length).toBe(1);
});

test('every configured server is meant where none is named, and a dead one hides no other', async () => {
  const user = warmUser();
  const cwd = folderWith({ 'my.json': { mcpServers: { good: fixtureEntry(), dead: fixtureEntry('dies') } } });
  const { exitCode, stdout, stderr } = await user.run(['up', '--config', 'my.json'], { cwd });
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: expect.stringMatching(/^good  pid/) });
  expect(stderr).toMatch(/^mcp: dead: /);
});

test('mcp ps masks what may be secret', async () => {
  const user = warmUser();
  await user.run(['up', ...fixture(), '--token', 'hunter2', '--db=postgres://me:pw@localhost/x']);
  const { stdout } = await user.run(['ps']);
  expect(stdout).toContain('--token •••');
  expect(stdout).not.toMatch(/hunter2|pw@/);
});

test.each([
  [['down'], /--all/],
  [['down', 'node', '--all'], /--all/],
  [['down', 'nod'], /No connection of "nod" is kept warm\n {2}Warm are: none/],
  [['up', '--idle', 'never', ...fixture()], /--idle wants a time/],
])('%j is wrong usage', async (argv, says) => {
  const { exitCode, stderr } = await warmUser().run(argv);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(says) });
});

test('a folder that others can enter is not used', async () => {
  const user = warmUser();
  mkdirSync(user.folder);
  chmodSync(user.folder, 0o755);
  const { exitCode, stderr } = await user.run(['up', ...fixture()]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('must belong to you alone') });
});

test('a socket in such a folder is not called', async () => {
  const user = warmUser();
  await user.run(['up', ...fixture()]);
  const [{ socket, calls } = { socket: '', calls: 0 }] = await user.connections();
  chmodSync(dirname(socket), 0o755);
  expect((await user.run(['tools', 'call', 'echo', '--message', 'hi', ...fixture()])).stdout).toBe('hi\n');
  chmodSync(dirname(socket), 0o700);
  expect(await user.connections()).toMatchObject([{ calls }]);
});

test('a shell completes the names of what is up after mcp down', async () => {
  const user = warmUser();
  await user.run(['up', ...fixture()]);
  expect((await user.run(['__complete', 'down', ''])).stdout).toBe('node\n');
});
