import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import type { KeptServer } from './kept-server.ts';
import type { KeeperStatus } from './messages.ts';
import { isPrivate } from './runtime-folder.ts';

/** The longest path that a socket may have: 104 bytes on macOS, 108 on Linux, with the end that a new one has. */
const longestPath = 94;

/** Starts the process that keeps a server warm; it outlives this one. Resolves with what it says of itself when it listens. */
export async function startKeeper(kept: KeptServer, { env }: Pick<Io, 'env'>): Promise<KeeperStatus> {
  const folder = dirname(kept.socket);
  makeFolder(folder);
  if (Buffer.byteLength(kept.socket) > longestPath)
    throw new CliError('usage', `The path ${folder} is too long for a socket`, 'Set XDG_RUNTIME_DIR to a shorter one');
  const keeper = spawn(process.execPath, [entry(), '__keep'], {
    cwd: folder, // It must not hold the folder that it was started in.
    env: { ...env },
    detached: true,
    windowsHide: true,
  });
  let complaint = '';
  keeper.stderr.on('data', (text) => (complaint += String(text)));
  keeper.stdin.on('error', () => undefined); // Its exit tells more.
  keeper.stdin.end(JSON.stringify(kept));
  const status = await Promise.race([
    once(keeper.stdout, 'data').then(([line]) => JSON.parse(String(line)) as KeeperStatus), // As `keep` wrote it, in one piece.
    once(keeper, 'exit').then(() => undefined),
  ]);
  if (status === undefined) throw new CliError('keeper-failed', `Cannot keep ${kept.name} warm: ${complaint.trim()}`);
  keeper.unref();
  for (const pipe of [keeper.stdin, keeper.stdout, keeper.stderr]) pipe.destroy();
  return status;
}

/** A folder that only this user can enter: who can put a socket there can read what is sent. */
function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (isPrivate(folder)) return;
  throw new CliError(
    'usage',
    `${folder} is not used for sockets: it must belong to you alone (mode 0700)`,
    'Remove it, or set XDG_RUNTIME_DIR to a folder of yours',
  );
}

/** The command itself: bundled, or from its sources. */
function entry(): string {
  return fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../main.ts' : 'main.js', import.meta.url));
}
