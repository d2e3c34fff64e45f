import { administratorToken, contextForgeVariables } from '../servers/context-forge.ts';
import { temporaryDirectory } from '../servers/launch.ts';
import { freePort, installed, startProcess, type RunningProcess } from './start-process.ts';

/** A ContextForge with a database of its own. */
export interface ContextForge extends AsyncDisposable {
  readonly url: string;
  /** An administrator's token. */
  readonly token: string;
  kill(): Promise<void>;
  /** Starts it again, at the same port and on the same database. */
  start(): Promise<void>;
}

export async function startContextForge(): Promise<ContextForge> {
  const folder = await temporaryDirectory();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = contextForgeVariables(port);
  let running: RunningProcess;
  const start = async (): Promise<void> => {
    running = await startProcess(
      installed('context-forge/bin/mcpgateway'),
      ['--host', '127.0.0.1', '--port', String(port)],
      {
        cwd: folder.path,
        env,
        isReady: async () => (await fetch(`${url}/ready`)).ok,
      },
    );
  };
  await start();
  return {
    url,
    token: await administratorToken(installed('context-forge/bin/python'), env, folder.path),
    kill: () => running.kill(),
    start,
    async [Symbol.asyncDispose]() {
      await running.kill();
      await folder[Symbol.asyncDispose]();
    },
  };
}
