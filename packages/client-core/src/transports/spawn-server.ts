import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { McpError } from '../errors.ts';
import { hasProcessGroups } from './process-group.ts';
import { stdioEnvironment, type StdioEnvironmentOptions } from './stdio-environment.ts';

/** Which process to start. */
export interface SpawnServerOptions extends StdioEnvironmentOptions {
  /** A program, found on PATH unless it is a path; never a shell line. */
  command: string;
  args?: readonly string[] | undefined;
  /** The folder to start it in. Default: that of this process. */
  cwd?: string | undefined;
}

/** Starts a server in a process group of its own; rejects with `spawn-failed`, which says what to do. */
export function spawnServer(options: SpawnServerOptions): Promise<ChildProcessWithoutNullStreams> {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const { command, args = [], cwd } = options;
  return new Promise((resolve, reject) => {
    try {
      const child = spawn(command, args, {
        env: stdioEnvironment(options),
        stdio: ['pipe', 'pipe', 'pipe'],
        shell: false,
        detached: hasProcessGroups,
        windowsHide: true,
        ...(cwd !== undefined && { cwd }),
      });
      child.once('spawn', () => resolve(child));
      child.on('error', (error) => reject(spawnError(error, options))); // Stays: a failing kill() comes here too.
    } catch (error) {
      reject(spawnError(error, options));
    }
  });
}

// The system may have what it lacks now a moment later.
const transientCodes = new Set(['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM']);

function spawnError(cause: unknown, options: SpawnServerOptions): McpError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const message = `Cannot start "${options.command}": ${folderProblem(options.cwd) ?? problem(code, options.command)}.`;
  return new McpError('spawn-failed', message, { cause, delivered: 'no', retryable: transientCodes.has(code) });
}

// A missing folder is reported by the system as if the command were missing.
function folderProblem(cwd: string | undefined): string | undefined {
  if (cwd === undefined) return undefined;
  const { statSync } = process.getBuiltinModule('node:fs');
  const folder = statSync(cwd, { throwIfNoEntry: false });
  if (folder === undefined) return `its working directory ${cwd} does not exist`;
  return folder.isDirectory() ? undefined : `its working directory ${cwd} is not a directory`;
}

function problem(code: string, command: string): string {
  if (code === 'ENOENT') return missing(command);
  if (code === 'EACCES') return 'permission denied; make the file executable, or start it through its interpreter';
  if (code === 'ENOEXEC') return 'it is not a program; give it a first line such as "#!/usr/bin/env node"';
  if (code === 'EINVAL' && !hasProcessGroups) return 'a script starts through "cmd /c" on Windows';
  if (transientCodes.has(code)) return `the system is out of resources (${code}); try again`;
  return `the system refused it${code === '' ? '' : ` (${code})`}; check the command and its arguments`;
}

function missing(command: string): string {
  if (!hasProcessGroups) return 'not found on PATH; install it, give its full path, or start a script through "cmd /c"';
  if (!command.includes('/')) return 'not found on PATH; install it, or give its full path';
  const { existsSync } = process.getBuiltinModule('node:fs');
  return existsSync(command) ? 'the interpreter that its first line names was not found' : 'no such file';
}
