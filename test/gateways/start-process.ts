import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A program that runs until it is killed, with its descendants. */
export interface RunningProcess extends AsyncDisposable {
  kill(): Promise<void>;
}

/** A file of what `run.mjs` has installed. */
export function installed(path: string): string {
  return fileURLToPath(new URL(`../../temp/interop/${path}`, import.meta.url));
}

/** Starts a program and waits until `isReady`, which is asked again and again. */
export async function startProcess(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string>; isReady: () => Promise<boolean> },
): Promise<RunningProcess> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // A group of its own, so that its descendants end with it.
  });
  const exited = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-10_000)));
  const kill = async (): Promise<void> => {
    process.off('exit', killGroup);
    killGroup();
    await exited;
  };
  function killGroup(): void {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The whole group has ended.
    }
  }
  process.once('exit', killGroup);
  const until = Date.now() + 120_000;
  while (!(await options.isReady().catch(() => false))) {
    if (child.exitCode !== null || Date.now() > until) {
      await kill();
      throw new Error(`${command} did not become ready:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { kill, [Symbol.asyncDispose]: kill };
}

/** A port of 127.0.0.1 that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // It listens on a port, not on a pipe.
  server.close();
  await once(server, 'close');
  return port;
}
