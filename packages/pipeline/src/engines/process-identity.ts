import { readFile } from 'node:fs/promises';

/** Tells a process from a later one with its number: when it started, null where the system does not say, undefined when it is dead. */
export async function processIdentity(pid: number): Promise<string | null | undefined> {
  if (!isAlive(pid)) return undefined;
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name of the program comes second, in parentheses, and may hold anything; the start is field 22, the state field 3.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : (fields[18] ?? null);
  } catch {
    return isAlive(pid) ? null : undefined; // No Linux.
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // It lives, and belongs to somebody else.
  }
}
