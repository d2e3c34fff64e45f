import type { Io } from '../io.ts';

/** The lines of earlier shells. */
export interface History {
  /** The newest first. */
  readonly lines: readonly string[];
  add(line: string): Promise<void>;
}

const most = 500;
/** Not kept: lines that somebody hides with a space, and what may hold a secret. */
const isPrivate = /^\s|header|authorization|token|secret|passw|key/i;

/** The history of this user's shells, in a file that only they can read. Nothing is told when it cannot be kept. */
export async function openHistory(env: Io['env']): Promise<History> {
  const path = process.getBuiltinModule('node:path');
  const { appendFile, mkdir, readFile, writeFile } = process.getBuiltinModule('node:fs/promises');
  const home = env['HOME'] ?? env['USERPROFILE'];
  const state = env['XDG_STATE_HOME'] || (home === undefined ? undefined : path.join(home, '.local', 'state'));
  if (state === undefined) return { lines: [], add: () => Promise.resolve() };
  const file = path.join(state, 'mcp', 'shell-history');
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length > 2 * most)
    await writeFile(file, `${lines.slice(-most).join('\n')}\n`, { mode: 0o600 }).catch(() => undefined);
  return {
    lines: lines.slice(-most).toReversed(),
    add: async (line) => {
      if (isPrivate.test(line)) return;
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 }).catch(() => undefined);
      await appendFile(file, `${line}\n`, { mode: 0o600 }).catch(() => undefined);
    },
  };
}
