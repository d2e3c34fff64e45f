import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveKeeper } from './live-keepers.ts';
import { keeperMethod } from './messages.ts';
import { ask, reachKeeper } from './reach-keeper.ts';

/** How long a keeper may take to end its server, in milliseconds. */
const patienceMs = 2_000;
const lookMs = 20;

/** Has a keeper end, and waits until it and its server have. One that does not loses its socket, and ends when it sees that. */
export async function stopKeeper({ socket, pid }: Pick<LiveKeeper, 'socket' | 'pid'>): Promise<void> {
  const keeper = await reachKeeper(socket);
  if (keeper !== undefined) await ask(keeper.wire, keeperMethod.stop);
  for (let waited = 0; isRunning(pid) && waited < patienceMs; waited += lookMs) await sleep(lookMs);
  rmSync(socket, { force: true });
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
