import { spawnSync } from 'node:child_process';

// Waking a process on another core costs the client several times the work of a call, and the scheduler chooses anew in
// each run: without a fixed place the same client measures 15 or 50 µs. Where `taskset` cannot fix it, figures vary so.
const canPin = spawnSync('taskset', ['-c', '0,1', 'true']).status === 0;

/** Where the measured client runs; the server is always on core 0. */
export const clientCore = { besideServer: 0, apart: 1 };

/** The command that runs another one on one core, as `[command, ...args]`. */
export function onCore(core, command) {
  return canPin ? ['taskset', '-c', String(core), ...command] : command;
}
