import type { ToolLock } from '@toolwire/client-core';
import { isObject } from '../arguments/schema.ts';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { safeJson } from '../output/sanitize.ts';

/** The name of the lock file, beside the project's configuration. */
export const lockFileName = 'mcp.lock.json';

/** The tools of several servers as they were when they were locked. */
export type ServerLocks = ReadonlyMap<string, ToolLock>;

/** The text of a lock file: the same for the same tools. */
export function formatLocks(locks: ServerLocks): string {
  const servers = Object.fromEntries([...locks].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  return `${safeJson({ lockfileVersion: 1, servers }, 2)}\n`;
}

/** The locks of a file; throws where there is none. */
export async function readLocks(file: string, io: Io): Promise<ServerLocks> {
  const locks = await findLocks(file, io);
  if (locks === undefined) throw unusable(file, 'it does not exist', 'Make it: mcp schema lock');
  return locks;
}

/** The locks of a file, if it exists. */
export async function findLocks(file: string, io: Io): Promise<ServerLocks | undefined> {
  const content = await readJson(file, io);
  if (content === undefined) return undefined;
  const servers = isObject(content) && content['lockfileVersion'] === 1 ? content['servers'] : undefined;
  if (!isObject(servers)) throw unusable(file, 'it is no lock file of version 1', 'Make one: mcp schema lock');
  return new Map(Object.entries(servers) as [string, ToolLock][]); // Each lock is checked when tools are compared to it.
}

/** The lock of one server; throws where there is none. */
export async function lockOf(server: string, file: string, io: Io): Promise<ToolLock> {
  const lock = (await readLocks(file, io)).get(server);
  if (lock === undefined) throw unusable(file, `it does not lock ${server}`, `Lock it too: mcp schema lock ${server}`);
  return lock;
}

/** A file as JSON; undefined where it does not exist. */
export async function readJson(file: string, { cwd }: Io): Promise<unknown> {
  const { readFile } = process.getBuiltinModule('node:fs/promises');
  const path = process.getBuiltinModule('node:path').resolve(cwd, file);
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(file, error instanceof Error ? error.message : String(error));
  }
}

function unusable(file: string, what: string, hint?: string): CliError {
  return new CliError('config-missing', `Cannot use ${file}: ${what}`, hint);
}
