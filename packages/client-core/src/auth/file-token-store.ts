import { McpError } from '../errors.ts';
import { sleep } from '../signals.ts';
import type { StoredLogin, TokenStore } from './token-store.ts';

/** A store of files, which can also say what it holds. */
export interface FileTokenStore extends Required<TokenStore> {
  get(server: string): Promise<StoredLogin | undefined>;
  set(server: string, login: StoredLogin | undefined): Promise<void>;
  /** The servers that there is a login for. */
  servers(): Promise<string[]>;
}

/**
 * Keeps each login in a file of its own in `directory`, which only this user can read; safe with several processes. A
 * file that others can read, that is a link or not this user's, and a directory that others can write to are refused with
 * `config-invalid`. Node only.
 */
export function fileTokenStore(directory: string): FileTokenStore {
  const path = process.getBuiltinModule('node:path');
  const { mkdir, readdir, stat, unlink } = process.getBuiltinModule('node:fs/promises');
  const { createHash } = process.getBuiltinModule('node:crypto');
  const fileOf = (server: string): string =>
    path.join(directory, `${createHash('sha256').update(server).digest('hex').slice(0, 32)}.json`);
  const prepare = async (): Promise<void> => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const { mode, uid } = await stat(directory);
    if (!isOurs(uid)) throw refused(directory, 'belongs to another user');
    if (hasModes && (mode & 0o022) !== 0) throw refused(directory, 'can be written to by others; chmod 700 it');
  };
  return {
    get: async (server) => (await readPrivately(fileOf(server)))?.login,
    set: async (server, login) => {
      await prepare();
      if (login === undefined) await unlink(fileOf(server)).catch(ignoreMissing);
      else await writePrivately(fileOf(server), { server, login });
    },
    lock: async (server, work) => {
      await prepare();
      return withLock(`${fileOf(server)}.lock`, work);
    },
    servers: async () => {
      const names = await readdir(directory).catch(ignoreMissing);
      const files = (names ?? []).filter((name) => name.endsWith('.json'));
      const entries = await Promise.all(files.map((name) => readPrivately(path.join(directory, name))));
      return entries.flatMap((entry) => (entry === undefined ? [] : [entry.server])).toSorted();
    },
  };
}

interface Entry {
  server: string;
  login: StoredLogin;
}

/** Windows knows no such modes; there, a user's folder is the user's own. */
const hasModes = globalThis.process?.platform !== 'win32';

function isOurs(uid: number): boolean {
  return process.getuid === undefined || uid === process.getuid();
}

async function readPrivately(file: string): Promise<Entry | undefined> {
  const { constants, open } = process.getBuiltinModule('node:fs/promises');
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch((error: unknown) => {
    if (codeOf(error) === 'ELOOP') throw refused(file, 'is a link');
    return ignoreMissing(error);
  });
  if (handle === undefined) return undefined;
  try {
    const { mode, uid } = await handle.stat();
    if (!isOurs(uid)) throw refused(file, 'belongs to another user');
    if (hasModes && (mode & 0o077) !== 0) throw refused(file, 'can be read by others; chmod 600 it');
    return JSON.parse(await handle.readFile('utf8')) as Entry; // Only this user can have written it.
  } catch (error) {
    if (error instanceof SyntaxError) throw refused(file, 'is no JSON; remove it and log in again');
    throw error;
  } finally {
    await handle.close();
  }
}

/** Written beside and renamed: a reader sees the old login or the new one. */
async function writePrivately(file: string, entry: Entry): Promise<void> {
  const { rename, unlink, writeFile } = process.getBuiltinModule('node:fs/promises');
  const next = `${file}.${crypto.randomUUID()}`;
  try {
    await writeFile(next, JSON.stringify(entry), { flag: 'wx', mode: 0o600, flush: true });
    await rename(next, file);
  } catch (error) {
    await unlink(next).catch(ignoreMissing);
    throw error;
  }
}

/** A lock older than this was left behind by a process that died: all that is done under it has shorter timeouts. */
const staleAfterMs = 120_000;

async function withLock<T>(lock: string, work: () => Promise<T>): Promise<T> {
  const { stat, unlink, writeFile } = process.getBuiltinModule('node:fs/promises');
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      const held = await stat(lock).catch(ignoreMissing);
      if (held !== undefined && Date.now() - held.mtimeMs > staleAfterMs) await unlink(lock).catch(ignoreMissing);
      else await sleep(50);
    }
  }
  try {
    return await work();
  } finally {
    await unlink(lock).catch(ignoreMissing);
  }
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function refused(path: string, why: string): McpError {
  return new McpError('config-invalid', `${path}, where tokens are kept, ${why}`, { delivered: 'no' });
}
