import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DBOSConfig } from '@dbos-inc/dbos-sdk';
import { PGlite } from '@electric-sql/pglite';
import type { Engine, EngineRole } from '../engine.ts';
import { PipelineError } from '../errors.ts';
import { openDbos, type DbosDatabase } from './dbos.ts';
import { lockDirectory } from './directory-lock.ts';
import { pglitePool } from './pglite-pool.ts';

const int8 = 20;

/** DBOS on a PostgreSQL in this process, with its files in `directory`. */
export function openEmbedded(directory: string, role: EngineRole): Promise<Engine> {
  return openDbos(() => connect(directory), role);
}

async function connect(directory: string): Promise<DbosDatabase> {
  const unlock = await lockDirectory(directory);
  try {
    const database = await openFiles(directory);
    // What DBOS calls of a pool is there; of its type, which is that of another package, the rest is missing.
    const systemDatabasePool = pglitePool(database) as unknown as NonNullable<DBOSConfig['systemDatabasePool']>;
    const systemDatabaseUrl = 'postgresql://toolwire@embedded/toolwire'; // Nobody connects to it, but it must be one.
    return {
      config: { systemDatabaseUrl, systemDatabasePool, useListenNotify: false },
      executor: randomUUID(),
      ifDead: everyOther,
      async close() {
        await database.close();
        await unlock();
      },
    };
  } catch (cause) {
    await unlock();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PipelineError('engine-unavailable', `The database in ${directory} cannot be opened: ${reason}`, {
      cause,
    });
  }
}

/** A new database is made aside: a process that is killed meanwhile, which takes seconds, must not leave half of one. */
async function openFiles(directory: string): Promise<PGlite> {
  const files = join(directory, 'data');
  if (!existsSync(files)) {
    const fresh = join(directory, 'data.new');
    await rm(fresh, { recursive: true, force: true });
    await (await PGlite.create(fresh)).close();
    await rename(fresh, files);
  }
  return PGlite.create(files, { parsers: { [int8]: (value: string) => value } });
}

/** Whoever has the lock is alone: every other process that ran something here has died. */
const everyOther: DbosDatabase['ifDead'] = async (_executor, work) => {
  await work?.();
  return true;
};
