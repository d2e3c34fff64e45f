import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A server process of an official SDK that speaks WebSocket. */
export interface OfficialServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Kills its process. */
  kill(): Promise<void>;
}

/** Starts official-server.mjs, at a free port or at this one; resolves when it listens. */
export async function startOfficialServer(sdk: 'v1' | 'v2', port = 0): Promise<OfficialServer> {
  const script = fileURLToPath(new URL('official-server.mjs', import.meta.url));
  const args = ['--conditions=@toolwire/source', script, sdk, String(port)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`official-server.mjs exited with ${code}`)));
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return { url, port: Number(new URL(url).port), kill, [Symbol.asyncDispose]: kill };
}
