import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DirectoryInUseError } from '../errors.ts';
import { processIdentity } from './process-identity.ts';

/** Takes a directory for this process alone, or rejects with `DirectoryInUseError`; the returned function gives it back. */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = resolve(directory);
  await mkdir(path, { recursive: true, mode: 0o700 });
  const lock = join(path, 'lock');
  // A lock appears whole or not at all: it is written aside, then linked.
  const mine = join(path, `lock.${randomUUID()}`);
  const owner: Owner = { pid: process.pid, startedAt: (await processIdentity(process.pid)) ?? null };
  await writeFile(mine, JSON.stringify(owner), { mode: 0o600 });
  try {
    while (!(await take(mine, lock))) {
      const seen = await readFile(lock, 'utf8').catch(() => undefined);
      if (seen === undefined) continue; // It was given back just now.
      const pid = await livePid(seen);
      if (pid !== undefined) throw new DirectoryInUseError(path, pid);
      await discard(lock, seen);
    }
  } finally {
    await rm(mine, { force: true });
  }
  return () => rm(lock, { force: true });
}

interface Owner {
  readonly pid: number;
  /** When that process started, where the system says so: another may get its number later. */
  readonly startedAt: string | null;
}

async function take(mine: string, lock: string): Promise<boolean> {
  try {
    await link(mine, lock);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function livePid(text: string): Promise<number | undefined> {
  const { pid, startedAt } = parseOwner(text);
  const identity = await processIdentity(pid);
  if (identity === undefined) return undefined;
  return identity === null || startedAt === null || identity === startedAt ? pid : undefined;
}

function parseOwner(text: string): Owner {
  try {
    return JSON.parse(text) as Owner; // Nobody but us writes it.
  } catch {
    return { pid: 0, startedAt: '' }; // Cut short by a full disk: nobody holds it.
  }
}

/** Removes the lock of a dead process; puts back one that another process took in the meantime. */
async function discard(lock: string, seen: string): Promise<void> {
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== seen) await link(aside, lock).catch(() => {}); // A third one has it already.
  await rm(aside, { force: true });
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
