import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WebhookError } from '../errors.ts';
import type { DeadLetter, DeadLetterStore } from './dead-letters.ts';

/**
 * Keeps dead letters as files in a folder of their own, so that they outlive the process; they stay until they are delivered.
 * The folder is made when it is needed. Only its owner may read it: what tools were given and answered is in there.
 */
export function deadLetterFolder(folder: string): DeadLetterStore {
  return {
    async put(letter) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // Written whole or not at all, also when two write at once.
      const draft = join(folder, `${randomUUID()}.draft`);
      await writeFile(draft, JSON.stringify(letter), { mode: 0o600, flag: 'wx' });
      await rename(draft, fileOf(letter.id));
    },
    get: (id) => readLetter(fileOf(id)),
    async ids() {
      const names = (await readdir(folder).catch(absent)) ?? [];
      const letters: DeadLetter[] = [];
      for (const name of names.filter((each) => each.endsWith('.json'))) {
        const letter = await readLetter(join(folder, name));
        if (letter !== undefined) letters.push(letter);
      }
      return letters.toSorted((one, other) => one.droppedAt - other.droppedAt).map(({ id }) => id);
    },
    delete: (id) => rm(fileOf(id), { force: true }),
  };

  /** Ids may hold what names of files may not. */
  function fileOf(id: string): string {
    return join(folder, `${createHash('sha256').update(id).digest('hex')}.json`);
  }
}

async function readLetter(file: string): Promise<DeadLetter | undefined> {
  const text = await readFile(file, 'utf8').catch(absent);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as DeadLetter; // Written by `put` alone.
  } catch {
    throw new WebhookError('store_failed', `${file} is not a dead letter: move it elsewhere`);
  }
}

/** What is not there is no failure. */
function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
