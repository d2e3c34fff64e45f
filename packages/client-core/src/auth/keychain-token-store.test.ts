import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fileTokenStore } from './file-token-store.ts';
import { keychainTokenStore } from './keychain-token-store.ts';

const server = 'https://mcp.example/mcp';
const login = { tokens: { access_token: 'a-canary-token', token_type: 'Bearer' } };

const hasSecretService =
  process.platform === 'linux' &&
  ['dbus-run-session', 'gnome-keyring-daemon'].every((name) => spawnSync(name, ['--version']).status === 0);
const title = hasSecretService ? '' : ' (skipped: dbus-run-session or gnome-keyring-daemon is not installed)';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'toolwire-keychain-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs this code in a session with a keychain of its own, with `store` and `login` at hand; returns what it logs. */
function inSession(folder: string, code: string): string {
  const imports = ['keychain-token-store', 'file-token-store'].map((name) => {
    return `import * as ${name.split('-')[0]} from ${JSON.stringify(new URL(`${name}.ts`, import.meta.url).href)};`;
  });
  const program = `${imports.join('')}
    const reasons = [], server = ${JSON.stringify(server)}, login = ${JSON.stringify(login)};
    const onFallback = (error) => reasons.push(error.message);
    const open = () => keychain.keychainTokenStore(${JSON.stringify(folder)}, { onFallback });
    ${code}`;
  const unlock = 'echo a-password | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1';
  const words = ['--', 'sh', '-c', `${unlock}; exec "$0" --input-type=module -e "$1"`, process.execPath, program];
  const { stdout, stderr, status } = spawnSync('dbus-run-session', words, {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder, XDG_RUNTIME_DIR: folder },
  });
  expect(status, stderr).toBe(0);
  return stdout;
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));

describe.skipIf(!hasSecretService)(`with the keychain of a desktop session${title}`, () => {
  test('keeps a login there, for the next process, and none of it in a file', () => {
    const folder = newFolder();
    const code = `await open().set(server, login);
      console.log(JSON.stringify([await open().get(server), await open().servers(), reasons]));`;
    expect(JSON.parse(inSession(folder, code))).toEqual([login, [server], []]);
    expect(filesIn(folder)).toEqual([JSON.stringify({ server, login: { inKeychain: true } })]);
  });

  test('forgets a login in the keychain and in the folder', () => {
    const folder = newFolder();
    const code = `await open().set(server, login);
      await file.fileTokenStore(${JSON.stringify(folder)}).set(server, login); // As when the keychain fails later.
      await open().set(server, undefined);
      const gone = await open().get(server);
      await file.fileTokenStore(${JSON.stringify(folder)}).set(server, { inKeychain: true });
      console.log(JSON.stringify([gone ?? null, (await open().get(server)) ?? null, reasons]));`;
    expect(JSON.parse(inSession(folder, code))).toEqual([null, null, []]);
  });

  test('takes a login over from the file that it was kept in', () => {
    const folder = newFolder();
    const code = `await file.fileTokenStore(${JSON.stringify(folder)}).set(server, login);
      const before = await open().get(server);
      await open().set(server, before);
      console.log(JSON.stringify([before, await open().get(server)]));`;
    expect(JSON.parse(inSession(folder, code))).toEqual([login, login]);
    expect(filesIn(folder).join('')).not.toContain('a-canary-token');
  });

  test('does without it when it does not answer, and asks no more', () => {
    const folder = newFolder();
    const code = `await open().set(server, login);
      const { execFileSync } = await import('node:child_process');
      const bus = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/'];
      const ask = ['org.freedesktop.DBus.GetConnectionUnixProcessID', 'string:org.freedesktop.secrets'];
      const pid = Number(/uint32 (\\d+)/.exec(execFileSync('dbus-send', [...bus, ...ask], { encoding: 'utf8' }))[1]);
      process.kill(pid, 'SIGSTOP');
      const store = open();
      const before = await store.get(server);
      await store.set(server, login);
      const start = Date.now();
      await store.set(server, login);
      const isSoon = Date.now() - start < 1_000;
      process.kill(pid, 'SIGKILL');
      console.log(JSON.stringify([before ?? null, isSoon, await store.get(server), reasons.length]));
      process.exit();`;
    expect(JSON.parse(inSession(folder, code))).toEqual([null, true, login, 1]);
  });
});

describe.skipIf(process.env['DBUS_SESSION_BUS_ADDRESS'] !== undefined || process.platform !== 'linux')(
  'without a keychain',
  () => {
    test('keeps a login in a file, and says once why', async () => {
      const folder = newFolder();
      const reasons: Error[] = [];
      const store = keychainTokenStore(folder, { onFallback: (reason) => reasons.push(reason) });
      await store.set(server, login);
      expect(await store.get(server)).toEqual(login);
      expect(await fileTokenStore(folder).get(server)).toEqual(login);
      expect(reasons).toEqual([expect.any(Error)]);
      await store.set(server, undefined);
      expect(await store.servers()).toEqual([]);
    });

    test('has no login that only the keychain has, and does not pretend to forget it', async () => {
      const folder = newFolder();
      const inKeychain: object = { inKeychain: true };
      await fileTokenStore(folder).set(server, inKeychain);
      const store = keychainTokenStore(folder);
      expect(await store.get(server)).toBeUndefined();
      await expect(store.set(server, undefined)).rejects.toThrow(/keeps its login for https:\/\/mcp\.example/);
      expect(await store.servers()).toEqual([server]);
    });
  },
);
