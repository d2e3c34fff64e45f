import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DBOSConfig } from '@dbos-inc/dbos-sdk';
import { PGlite } from '@electric-sql/pglite';
import type { Engine, EngineRole } from '../engine.ts';
import { openDbos, type DbosDatabase } from './dbos.ts';
import { lockDirectory } from './directory-lock.ts';
import { pglitePool } from './pglite-pool.ts';

const int8 = 20;

/** DBOS on a PostgreSQL in this process, with its files in `directory`. */
export async function openEmbedded(directory: string, as: EngineRole): Promise<Engine> {
  const unlock = await lockDirectory(directory);
  try {
    const files = join(directory, 'data');
    await mkdir(files, { recursive: true, mode: 0o700 });
    const database = await PGlite.create(files, { parsers: { [int8]: (value: string) => value } });
    const close = async (): Promise<void> => {
      await database.close();
      await unlock();
    };
    // What DBOS calls of a pool is there; of its type, which is that of another package, the rest is missing.
    const systemDatabasePool = pglitePool(database) as unknown as NonNullable<DBOSConfig['systemDatabasePool']>;
    const config = {
      systemDatabaseUrl: 'postgresql://toolwire@embedded/toolwire',
      systemDatabasePool,
      useListenNotify: false,
    };
    return await openDbos({ config, executor: randomUUID(), ifDead: everyOther, close }, as);
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** Whoever has the lock is alone: every other process that ran something here has died. */
const everyOther: DbosDatabase['ifDead'] = async (_executor, work) => {
  await work?.();
  return true;
};
