import type { ChildProcess } from 'node:child_process';
import { sleep } from '../signals.ts';

/** How long each step of a shutdown may take, in milliseconds. */
export interface ShutdownTimes {
  /** After stdin has ended, before SIGTERM. */
  readonly terminateAfterMs: number;
  /** After SIGTERM, before SIGKILL. */
  readonly killAfterMs: number;
}

/** True where a child can lead a process group of its own, so that its descendants can be reached. */
export const hasProcessGroups: boolean = process.platform !== 'win32';

/** Sends `signal` to a child that leads its own group, and to all that it started; false when nobody was left. */
export function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): boolean {
  if (child.pid === undefined) return false;
  if (!hasProcessGroups) return endTree(child, child.pid);
  return kill(-child.pid, signal);
}

/** Ends a server politely: stdin, then SIGTERM, then SIGKILL; resolves when neither it nor a descendant runs. */
export async function stopGroup(child: ChildProcess, times: ShutdownTimes): Promise<void> {
  const exited = exitOf(child);
  child.stdin?.end();
  let isTerminated = false;
  if (!(await settlesWithin(exited, times.terminateAfterMs))) {
    isTerminated = signalGroup(child, 'SIGTERM');
    if (!(await settlesWithin(exited, times.killAfterMs))) signalGroup(child, 'SIGKILL');
    await settlesWithin(exited, hopelessAfterMs);
  }
  await stopOrphans(child, times, isTerminated);
}

// A process in an uninterruptible system call outlives even SIGKILL; close() must settle all the same.
const hopelessAfterMs = 2000;
const orphanMs = 500;
const pollMs = 10;

// Descendants that outlived the child: a shell or npx may be gone while the server proper still runs.
async function stopOrphans(child: ChildProcess, times: ShutdownTimes, isTerminated: boolean): Promise<void> {
  if (!hasProcessGroups || child.pid === undefined) return;
  if (!isTerminated && !signalGroup(child, 'SIGTERM')) return;
  const deadline = Date.now() + Math.min(times.killAfterMs, orphanMs);
  while (kill(-child.pid, 0)) {
    if (Date.now() >= deadline) {
      signalGroup(child, 'SIGKILL');
      return;
    }
    await sleep(pollMs);
  }
}

/** How a child ended. */
export interface Exit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Resolves when the child has ended, by `exit`: `close` would wait for every descendant that holds its pipes. */
export function exitOf(child: ChildProcess): Promise<Exit> {
  const { exitCode, signalCode } = child;
  if (exitCode !== null || signalCode !== null) return Promise.resolve({ exitCode, signal: signalCode });
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve({ exitCode: code, signal })));
}

/** True when `promise`, which must not reject, settles in time; leaves no timer behind. */
export function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms, false);
    void promise.then(() => {
      clearTimeout(timer);
      return resolve(true);
    });
  });
}

function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // ESRCH: gone. EPERM (macOS): only the dead are left.
  }
}

function endTree(child: ChildProcess, pid: number): boolean {
  if (child.exitCode !== null || child.signalCode !== null) return false;
  const { spawn } = process.getBuiltinModule('node:child_process');
  spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on('error', () =>
    child.kill(),
  );
  return true;
}
