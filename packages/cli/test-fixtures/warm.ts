import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Io } from '../src/io.ts';
import { runCli, startCli, type Outcome, type Running } from './run-cli.ts';

/** A user apart: what is kept warm ends with the test. */
export interface WarmUser {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** The folder of the sockets. */
  readonly folder: string;
  run(argv: readonly string[], io?: Partial<Io>): Promise<Outcome>;
  start(argv: readonly string[], io?: Partial<Io>): Running;
  /** What `mcp ps` says. */
  connections(): Promise<readonly Connection[]>;
}

interface Connection {
  readonly name: string;
  readonly pid: number;
  readonly calls: number;
  readonly server: string;
  readonly socket: string;
}

/** A user with an empty folder of sockets, and the environment in which keepers run from our sources. */
export function warmUser(): WarmUser {
  const runtime = mkdtempSync(join(tmpdir(), 'mcp-warm-'));
  const env = {
    XDG_RUNTIME_DIR: runtime,
    PATH: String(process.env['PATH']),
    HOME: runtime,
    NODE_OPTIONS: '--conditions=@toolwire/source --no-warnings',
  };
  const cwd = runtime; // Nothing is configured here.
  const run: WarmUser['run'] = (argv, io) => runCli(argv, { env, cwd, ...io });
  onTestFinished(async () => {
    await run(['down', '--all']);
    rmSync(runtime, { recursive: true, force: true });
  });
  return {
    env,
    cwd,
    folder: join(runtime, 'mcp'),
    run,
    start: (argv, io) => startCli(argv, { env, cwd, ...io }),
    async connections() {
      const { stdout } = await run(['ps', '--json']);
      return (JSON.parse(stdout) as { connections: Connection[] }).connections;
    },
  };
}

/** Whether a process lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
