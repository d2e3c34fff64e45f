import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DirectoryInUseError } from '../errors.ts';
import { sleep } from '../waiting.ts';
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
      await discard(lock);
    }
  } finally {
    await rm(mine, { force: true });
  }
  let isHeld = true;
  return async () => {
    if (isHeld) await rm(lock, { force: true }); // Once: another process may have it by then.
    isHeld = false;
  };
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
  const { pid, startedAt } = parseOwner(text) ?? {};
  if (pid === undefined) return undefined; // Cut short by a full disk: nobody holds it.
  const identity = await processIdentity(pid);
  if (identity === undefined) return undefined;
  return identity === null || startedAt === null || identity === startedAt ? pid : undefined;
}

function parseOwner(text: string): Owner | undefined {
  try {
    return JSON.parse(text) as Owner; // Nobody but us writes it.
  } catch {
    return undefined;
  }
}

const longestDiscardMs = 10_000;

/** Removes the lock of a dead process, one process at a time: else a second one would remove what the first has put there. */
async function discard(lock: string): Promise<void> {
  const discarding = `${lock}.discarding`;
  try {
    await mkdir(discarding);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    await sleep(20);
    // Its maker died in between.
    const { mtimeMs } = await stat(discarding).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > longestDiscardMs) await rm(discarding, { recursive: true, force: true });
    return;
  }
  const seen = await readFile(lock, 'utf8').catch(() => undefined);
  if (seen !== undefined && (await livePid(seen)) === undefined) await rm(lock, { force: true });
  await rm(discarding, { recursive: true, force: true });
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
