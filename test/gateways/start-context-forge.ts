import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
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
  const env = environment(port);
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
    token: await administratorToken(folder.path, env),
    kill: () => running.kill(),
    start,
    async [Symbol.asyncDispose]() {
      await running.kill();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** The command of its own that makes tokens. */
async function administratorToken(cwd: string, env: Record<string, string>): Promise<string> {
  const module = ['-m', 'mcpgateway.utils.create_jwt_token'];
  const args = [
    ...module,
    '--username',
    'admin@example.com',
    '--admin',
    '--exp',
    '60',
    '--secret',
    env['JWT_SECRET_KEY'] ?? '',
  ];
  const { stdout } = await promisify(execFile)(installed('context-forge/bin/python'), args, {
    cwd,
    env: { ...process.env, ...env },
  });
  return stdout.trim().split('\n').at(-1) ?? '';
}

function environment(port: number): Record<string, string> {
  return {
    JWT_SECRET_KEY: secret(),
    AUTH_ENCRYPTION_SECRET: secret(),
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: 'sqlite:///./cf.db',
    CACHE_TYPE: 'memory',
    PLATFORM_ADMIN_EMAIL: 'admin@example.com',
    PLATFORM_ADMIN_PASSWORD: secret(),
    PASSWORD_CHANGE_ENFORCEMENT_ENABLED: 'false',
    ADMIN_REQUIRE_PASSWORD_CHANGE_ON_BOOTSTRAP: 'false',
    SSRF_ALLOW_LOCALHOST: 'true',
    SSRF_ALLOW_PRIVATE_NETWORKS: 'true',
    RATE_LIMITING_ENABLED: 'false',
    MCPGATEWAY_UI_ENABLED: 'false',
    MCPGATEWAY_ADMIN_API_ENABLED: 'true',
  };
}

function secret(): string {
  return `${randomBytes(36).toString('base64url')}aA1!`;
}
