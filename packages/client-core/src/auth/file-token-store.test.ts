import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileTokenStore } from './file-token-store.ts';
import { loginKey, type StoredLogin } from './token-store.ts';

let folder: string;
const server = 'https://mcp.example/mcp';
const login = (token: string): StoredLogin => ({ tokens: { access_token: token, token_type: 'Bearer' } });

beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'toolwire-tokens-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const onlyFile = async (directory: string): Promise<string> => join(directory, (await readdir(directory))[0] ?? '');

describe('a store of files', () => {
  test('gives back what another process has put in, by server', async () => {
    await fileTokenStore(folder).set(server, login('a'));
    await fileTokenStore(folder).set('https://other.example/mcp', login('b'));
    expect(await fileTokenStore(folder).get(server)).toEqual(login('a'));
    expect(await fileTokenStore(folder).servers()).toEqual([server, 'https://other.example/mcp']);
    await fileTokenStore(folder).set(server, undefined);
    expect(await fileTokenStore(folder).get(server)).toBeUndefined();
    expect(await fileTokenStore(join(folder, 'none')).servers()).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('is readable by this user alone, whatever the umask', async () => {
    const directory = join(folder, 'new');
    const umask = process.umask(0);
    try {
      await fileTokenStore(directory).set(server, login('a'));
    } finally {
      process.umask(umask);
    }
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(await onlyFile(directory))).mode & 0o777).toBe(0o600);
  });

  test.skipIf(process.platform === 'win32')('refuses a file that others can read, and a link', async () => {
    const store = fileTokenStore(folder);
    await store.set(server, login('secret'));
    const file = await onlyFile(folder);
    await chmod(file, 0o640);
    await expect(store.get(server)).rejects.toThrow(/can be read by others/);
    await chmod(file, 0o600);
    await rename(file, `${file}.moved`);
    await symlink(`${file}.moved`, file);
    const error: unknown = await store.get(server).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'config-invalid', message: expect.stringContaining('is a link') });
    expect(String(error)).not.toContain('secret');
  });

  test('says so when a file is broken', async () => {
    const store = fileTokenStore(folder);
    await store.set(server, login('a'));
    await writeFile(await onlyFile(folder), '{');
    await expect(store.get(server)).rejects.toMatchObject({ code: 'config-invalid' });
  });

  test('shows readers whole logins only, while many write', async () => {
    const store = fileTokenStore(folder);
    await store.set(server, login('0'));
    const writes = Array.from({ length: 30 }, (_, index) => store.set(server, login('x'.repeat(index * 500))));
    const reads = Array.from({ length: 30 }, () => store.get(server));
    for (const found of await Promise.all(reads)) expect(found?.tokens?.token_type).toBe('Bearer');
    await Promise.all(writes);
    expect(await readdir(folder)).toHaveLength(1);
  });

  test('lets one at a time do what must be done alone, and frees the lock of one that fails', async () => {
    const stores = [fileTokenStore(folder), fileTokenStore(folder), fileTokenStore(folder)];
    let inside = 0;
    let most = 0;
    const outcomes = await Promise.allSettled(
      stores.map((store) =>
        store.lock(server, async () => {
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setTimeout(resolve, 20));
          inside--;
          throw new Error('failed');
        }),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(most).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  test('breaks the lock of a process that died', async () => {
    const store = fileTokenStore(folder);
    let lock = '';
    await store.lock(server, async () => {
      lock = await onlyFile(folder);
      expect(await readFile(lock, 'utf8')).toBe(String(process.pid));
    });
    await writeFile(lock, '1');
    await utimes(lock, 0, 0);
    expect(await store.lock(server, async () => 'done')).toBe('done');
  });
});

test('the key of a login leaves out what may be secret', () => {
  expect(loginKey('https://user:secret@mcp.example/mcp?token=secret#x')).toBe(server);
});
