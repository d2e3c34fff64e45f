import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const countingServer: string = fileURLToPath(new URL('counting-server.mjs', import.meta.url));

/** A server process over HTTP that can be killed, and started again at the same port. */
export interface MortalServer extends AsyncDisposable {
  readonly url: string;
  /** Ends it like a crash; its sessions are forgotten. */
  kill(): Promise<void>;
  /** Resolves when it listens. */
  start(): Promise<void>;
}

/** Starts the counting server over HTTP; `args` are its options. */
export async function startMortalServer(args: readonly string[]): Promise<MortalServer> {
  let child: ChildProcess | undefined;
  let url = '';

  async function start(): Promise<void> {
    const port = url === '' ? '0' : new URL(url).port;
    const started = spawn(process.execPath, [countingServer, '--port', port, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child = started;
    [url] = (await once(createInterface(started.stdout), 'line')) as [string];
  }

  async function kill(): Promise<void> {
    const ended = child;
    child = undefined;
    if (ended === undefined) return;
    ended.kill('SIGKILL');
    await once(ended, 'exit');
  }

  await start();
  return { url, kill, start, [Symbol.asyncDispose]: kill };
}

/** How often the server has done what each key names. */
export function effectsIn(file: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of readFileSync(file, 'utf8').split('\n').filter(Boolean)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
