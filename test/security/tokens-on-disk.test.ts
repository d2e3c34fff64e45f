import { chmod, lstat, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileTokenStore, keychainTokenStore, type StoredLogin } from '@toolwire/client-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startHost } from '../faults/host.ts';
import { temporaryDirectory } from '../servers/launch.ts';

const server = 'https://mcp.example/mcp';

function loginOf(name: string): StoredLogin {
  return { tokens: { access_token: `canary-${name}`, token_type: 'Bearer', issuer: 'https://as.example' } };
}

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let directory: string;

beforeEach(async () => {
  folder = await temporaryDirectory();
  directory = join(folder.path, 'a', 'tokens');
});
afterEach(() => folder[Symbol.asyncDispose]());

async function modeOf(path: string): Promise<number> {
  return (await lstat(path)).mode & 0o777;
}

/** The one file that the store has written. */
async function fileIn(store: string): Promise<string> {
  const [name = ''] = (await readdir(store)).filter((each) => each.endsWith('.json'));
  return join(store, name);
}

describe.skipIf(process.platform === 'win32')('row 19: a store of files', () => {
  test('row 19: makes a folder and a file that only this user can read, whatever the umask', async () => {
    // The umask belongs to the whole process.
    const source = `
      import { fileTokenStore } from '@toolwire/client-core';
      process.umask(0);
      await fileTokenStore(target.directory).set(${JSON.stringify(server)}, ${JSON.stringify(loginOf('a'))});`;
    expect(await startHost(source, { directory }).ended).toBe(0);
    expect(await modeOf(directory)).toBe(0o700);
    expect(await modeOf(await fileIn(directory))).toBe(0o600);
    expect(await fileTokenStore(directory).get(server)).toEqual(loginOf('a'));
  });

  test.each([0o640, 0o604, 0o660])('row 19: refuses a file of mode %o', async (mode) => {
    const store = fileTokenStore(directory);
    await store.set(server, loginOf('a'));
    await chmod(await fileIn(directory), mode);
    const failure: unknown = await store.get(server).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'config-invalid' });
    expect(String(failure)).not.toContain('canary');
  });

  test.each([0o770, 0o707, 0o777])('row 19: refuses a folder of mode %o', async (mode) => {
    await mkdir(directory, { recursive: true });
    await chmod(directory, mode);
    await expect(fileTokenStore(directory).set(server, loginOf('a'))).rejects.toMatchObject({ code: 'config-invalid' });
    expect(await readdir(directory)).toEqual([]);
  });

  test('row 19: neither reads nor writes through a link', async () => {
    const store = fileTokenStore(directory);
    await store.set(server, loginOf('a'));
    const file = await fileIn(directory);
    const victim = join(folder.path, 'victim');
    await rename(file, victim);
    await symlink(victim, file);
    await expect(store.get(server)).rejects.toMatchObject({ code: 'config-invalid' });
    await writeFile(victim, 'untouched', { mode: 0o600 });
    await store.set(server, loginOf('b'));
    expect(await readFile(victim, 'utf8')).toBe('untouched');
    expect((await lstat(file)).isSymbolicLink()).toBe(false);
    expect(await store.get(server)).toEqual(loginOf('b'));
  });

  test('row 19: shows whole logins only, while two processes write', async () => {
    const source = `
      import { fileTokenStore } from '@toolwire/client-core';
      const store = fileTokenStore(target.directory);
      for (let count = 0; count < 100; count += 1)
        await store.set(${JSON.stringify(server)}, { tokens: { access_token: target.name.repeat(10000), token_type: 'Bearer' } });`;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const writers = ['a', 'b'].map((name) => startHost(source, { directory, name }));
    const store = fileTokenStore(directory);
    const writing = { isOver: false };
    const over = Promise.all(writers.map(({ ended }) => ended)).finally(() => (writing.isOver = true));
    const seen = new Set<string | undefined>();
    while (!writing.isOver) seen.add((await store.get(server))?.tokens?.access_token);
    expect(await over).toEqual([0, 0]);
    seen.delete(undefined);
    expect([...seen].every((token) => token === 'a'.repeat(10_000) || token === 'b'.repeat(10_000))).toBe(true);
    expect((await readdir(directory)).filter((name) => !name.endsWith('.json'))).toEqual([]);
  });
});

test('row 19: where there is no keychain, logins are kept in such files, and it is said why', async () => {
  const reasons: Error[] = [];
  const store = keychainTokenStore(directory, {
    onFallback: (reason) => reasons.push(reason),
    service: 'toolwire-test',
  });
  await store.set(server, loginOf('a'));
  try {
    expect(await store.get(server)).toEqual(loginOf('a'));
    const text = await readFile(await fileIn(directory), 'utf8');
    // Either the keychain holds the login, and the file does not, or there is none and a reason.
    expect(text.includes('canary')).toBe(reasons.length > 0);
    expect(reasons.length).toBeLessThan(2);
    expect(await modeOf(await fileIn(directory))).toBe(0o600);
  } finally {
    await store.set(server, undefined);
  }
});
